import type { AgentEvent, AgentInput, AgentRequest } from '../conversation/ports/agent.ts';
import { SessionApprovals } from './approvals/session-approvals.ts';
import { createEventDecoder } from './events/event-decoder.ts';
import { newMessage } from './message-list.ts';
import type { SessionParts } from './session-options.ts';
import type { SessionState } from './session-state.ts';
import { createSessionThread, type SessionThread } from './session-thread.ts';
import { workTurn, type TurnJob, type TurnOutcome } from './turn-job.ts';
import type { Draft } from './turns/draft.ts';
import { createSessionTurns, type SessionTurns } from './turns/session-turns.ts';

/** The agent of one session: its thread, what it asks, and the turns that it works on. */
export interface SessionAgent {
  readonly thread: SessionThread;
  readonly approvals: SessionApprovals;
  readonly draft: Draft;
  /** Does the work of a turn. Never rejects. */
  work(job: TurnJob): Promise<TurnOutcome>;
  /** Adds input to the running turn; resolves to false if none runs any more. Rejects with a `GatewayError`. */
  steer(input: readonly AgentInput[]): Promise<boolean>;
}

export interface SessionAgentOptions {
  /** Ends the running turn. */
  endTurn(): Promise<void>;
  readonly state: SessionState;
  readonly parts: SessionParts;
  /** Called when the agent begins to wait for a person, and when it no longer does. */
  onWaiting(isWaiting: boolean): void;
}

export function createSessionAgent({ state, parts, endTurn, onWaiting }: SessionAgentOptions): SessionAgent {
  const { choices } = state;
  const { workspace, review, model } = choices;
  const turns = createSessionTurns();
  const decoder = createEventDecoder();
  const working = new Set<string>();
  const approvals = new SessionApprovals({
    ...parts.approvals,
    workspace,
    review,
    events: state.events,
    tell: async (text) => await steerTurn(thread, turns, [{ type: 'text', text }]),
    endTurn,
    onWaiting(isWaiting) {
      turns.wait(isWaiting);
      onWaiting(isWaiting);
    },
  });
  const thread = createSessionThread({
    engine: parts.engine,
    id: state.facts.threadId,
    options: async () => ({ workspace, model, provider: await parts.providers.resolve(choices) }),
    listener: {
      onEvents: (events) => events.forEach(hear),
      onRequest: (request) => approvals.ask(withOwnId(request)),
      onGone() {
        approvals.dropAll();
        turns.lose();
      },
    },
    onStarted(id) {
      state.change({ threadId: id }, 'session.updated');
      state.events.add('thread.started', { thread_id: id });
    },
  });

  /** Replaces the agent's id of a turn, which is known only once the turn has begun. */
  function withOwnId<T extends AgentEvent | AgentRequest>(told: T): T {
    return 'turnId' in told ? { ...told, turnId: state.turns.idOf(told.turnId) } : told;
  }

  function hear(told: AgentEvent): void {
    turns.hear(told);
    const event = withOwnId(told);
    approvals.hear(event);
    for (const { type, fields } of decoder.decode(event)) {
      // The end of a turn is shown once the workspace has been looked at.
      if (type === 'turn.completed' && working.has(fields.turn_id)) continue;
      state.events.add(type, fields);
      state.events.announce('session.event');
    }
    remember(state, event);
  }

  return {
    thread,
    approvals,
    draft: turns.draft,
    async work(job) {
      const { note, context } = state.facts;
      working.add(job.turnId);
      try {
        return await workTurn(job, {
          choices,
          context,
          thread,
          turns,
          history: parts.history,
          files: parts.files,
          timeoutMs: parts.turnTimeoutMs,
          note,
          onBegun(agentId) {
            state.turns.change(job.turnId, { agentId });
            if (job.task.kind === 'message') state.set({ note: null });
            state.writer.saveSoon();
          },
        });
      } finally {
        working.delete(job.turnId);
      }
    },
    steer: async (input) => await steerTurn(thread, turns, input),
  };
}

async function steerTurn(
  thread: SessionThread,
  turns: SessionTurns,
  input: readonly AgentInput[],
): Promise<boolean> {
  const agentId = await turns.begun()?.catch(() => undefined);
  const loaded = thread.loaded();
  if (agentId === undefined || loaded === undefined) return false;
  await loaded.steer(agentId, input);
  return true;
}

/** Keeps what an event tells about the session. */
function remember(state: SessionState, event: AgentEvent): void {
  if (event.type === 'item-completed' && event.item.type === 'agentMessage') {
    const text = String(event.item.text);
    state.messages.add(newMessage({ role: 'assistant', text, turn_id: event.turnId }));
  }
  if (event.type === 'plan-updated') state.set({ plan: event.plan });
  if (event.type === 'title-updated') state.change({ title: event.title }, 'session.updated');
}
