import { NEVER_ABORTED } from '../base/async/abort.ts';
import { GatewayError } from '../base/errors.ts';
import type { ThreadMessage } from '../conversation/ports/agent-home.ts';
import type { AgentEngine } from '../conversation/ports/agent.ts';
import { CONTEXT_INTRODUCTION } from './attachments/describe-context.ts';
import type { SessionMessage } from './events/shapes.ts';
import { SHOWN_MESSAGES } from './message-list.ts';
import { UNDO_INTRODUCTION } from './session-history.ts';

/**
 * Reads the messages that a thread has had before a session goes on with it, oldest first; none of a thread that Codex can
 * continue but not list.
 *
 * @param now Time of messages whose own time is not known.
 */
export async function readEarlierMessages(
  engine: Pick<AgentEngine, 'readMessages'>,
  threadId: string,
  now: number,
): Promise<readonly SessionMessage[]> {
  try {
    const messages = await engine.readMessages(threadId, SHOWN_MESSAGES, NEVER_ABORTED);
    return messages.map((message) => showMessage(message, now));
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'invalid_request') return [];
    throw error;
  }
}

function showMessage({ role, texts, createdAt }: ThreadMessage, now: number): SessionMessage {
  const text = texts.filter((part) => !isFromGateway(part)).join('\n\n');
  // Turns belong to the session in which they ran, and the ids of Codex are not unique.
  const message = { id: crypto.randomUUID(), role, text, turn_id: null, created_at: createdAt ?? now };
  return role === 'user' ? { ...message, attachments: [] } : message;
}

/** Returns true for a part that an earlier session has added to what its user wrote. */
function isFromGateway(part: string): boolean {
  return part.startsWith(CONTEXT_INTRODUCTION) || part.startsWith(UNDO_INTRODUCTION);
}
