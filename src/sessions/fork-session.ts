import { GatewayError } from '../base/errors.ts';
import type { NewSession } from './session-options.ts';
import { titleOf } from './session-record.ts';
import type { Session } from './session.ts';
import type { SessionState } from './session-state.ts';

interface ForkParts {
  create(given: NewSession): Promise<Session>;
  remove(id: string): Promise<void>;
  /** Gives a session the provider's key of another one. */
  copyKey(fromId: string, toId: string): void;
}

/** Creates a session that goes on from another one, or from one of its turns, with the messages until then. */
export async function forkSession(
  { state }: Session,
  lastTurnId: string | undefined,
  { create, remove, copyKey }: ForkParts,
): Promise<Session> {
  const { choices, facts } = state;
  const agentId = lastTurnId === undefined ? undefined : agentIdOf(state, lastTurnId);
  if (facts.threadId === null)
    throw new GatewayError('session_conflict', 'A session can be forked once it has had a turn.');
  const { id: _, createdAt: _created, ...chosen } = choices;
  const title = titleOf(`Fork of ${facts.title}`);
  const forked = await create({ ...chosen, context: facts.context, title });
  try {
    copyKey(choices.id, forked.id);
    await forked.forkFrom(facts.threadId, agentId);
    for (const message of messagesUntil(state, lastTurnId)) {
      // Turns belong to the session in which they ran.
      const copy = { ...message, id: crypto.randomUUID(), turn_id: null };
      await forked.state.messages.accept({ message: copy });
    }
    return forked;
  } catch (error) {
    await remove(forked.id);
    throw error;
  }
}

function agentIdOf({ turns }: SessionState, turnId: string): string {
  const agentId = turns.find(turnId)?.agentId ?? undefined;
  if (agentId === undefined)
    throw new GatewayError('turn_not_found', 'The session has no such turn, or it never began.');
  return agentId;
}

function messagesUntil({ turns, messages }: SessionState, lastTurnId: string | undefined) {
  const ids = turns.list().map(({ id }) => id);
  const later = new Set(lastTurnId === undefined ? [] : ids.slice(ids.indexOf(lastTurnId) + 1));
  return messages.list().filter((message) => message.turn_id === null || !later.has(message.turn_id));
}
