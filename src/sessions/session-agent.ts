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

export interface SessionAgentOptions {
  readonly state: SessionState;
  readonly parts: SessionParts;
  /** Ends the running turn. */
  endTurn(): Promise<void>;
  /** Called when the agent begins to wait for a person, and when it no longer does. */
  onWaiting(isWaiting: boolean): void;
}

/** The agent of one session: its thread, what it asks, and the turns that it works on. */
export class SessionAgent {
  readonly thread: SessionThread;
  readonly approvals: SessionApprovals;
  readonly #state: SessionState;
  readonly #parts: SessionParts;
  readonly #turns: SessionTurns = createSessionTurns();
  readonly #decoder = createEventDecoder();
  /** Ids of turns whose end is not shown yet. */
  readonly #working = new Set<string>();
  /** The context that the thread knows, as JSON. */
  #knownContext = '{}';

  constructor({ state, parts, endTurn, onWaiting }: SessionAgentOptions) {
    this.#state = state;
    this.#parts = parts;
    const { choices, facts, events } = state;
    const { workspace, review, sandbox, model } = choices;
    this.approvals = new SessionApprovals({
      ...parts.approvals,
      workspace,
      review,
      sandbox,
      events,
      tell: async (text) => await this.steer([{ type: 'text', text }]),
      endTurn,
      onWaiting: (isWaiting) => {
        this.#turns.wait(isWaiting);
        onWaiting(isWaiting);
      },
    });
    this.thread = createSessionThread({
      engine: parts.engine,
      id: facts.threadId,
      options: async () => ({ workspace, model, provider: await parts.providers.resolve(choices) }),
      tools: async () => (choices.tools === true ? await parts.tools.open(choices) : undefined),
      listener: {
        onEvents: (told) => told.forEach((event) => this.#hear(event)),
        onRequest: (request) => this.approvals.ask(this.#withOwnId(request)),
        onGone: () => {
          this.approvals.dropAll();
          this.#turns.lose();
        },
      },
      isUncertain() {
        const begun = state.turns.list().filter(({ agentId }) => agentId !== null);
        return begun.length > 0 && begun.every(({ status }) => status !== 'completed');
      },
      onStarted: (id) => {
        this.#knownContext = '{}';
        state.change({ threadId: id }, 'session.updated');
        events.add('thread.started', { thread_id: id });
      },
    });
  }

  get draft(): Draft {
    return this.#turns.draft;
  }

  /** Does the work of a turn. Never rejects. */
  async work(job: TurnJob): Promise<TurnOutcome> {
    const { choices, facts, turns, writer } = this.#state;
    const { history, overlaps, files, turnTimeoutMs: timeoutMs, onBroken } = this.#parts;
    const { note, context } = facts;
    const written = JSON.stringify(context);
    this.#working.add(job.turnId);
    try {
      return await workTurn(job, {
        choices,
        // Repeated with every message, it would fill the thread.
        context: written === this.#knownContext ? {} : context,
        note,
        thread: this.thread,
        turns: this.#turns,
        history,
        overlaps,
        files,
        timeoutMs,
        onBroken,
        onBegun: (agentId) => {
          turns.change(job.turnId, { agentId });
          const { kind } = job.task;
          // A compaction may leave it out.
          if (kind === 'compaction') this.#knownContext = '{}';
          if (kind !== 'message') return writer.saveSoon();
          this.#knownContext = written;
          this.#state.set({ note: null });
          writer.saveSoon();
        },
      });
    } finally {
      this.#working.delete(job.turnId);
    }
  }

  /** Adds input to the running turn; resolves to false if none runs any more. Rejects with a `GatewayError`. */
  async steer(input: readonly AgentInput[]): Promise<boolean> {
    const agentId = await this.#turns.begun()?.catch(() => undefined);
    const loaded = this.thread.loaded();
    if (agentId === undefined || loaded === undefined) return false;
    await loaded.steer(agentId, input);
    return true;
  }

  #hear(told: AgentEvent): void {
    this.#turns.hear(told);
    const event = this.#withOwnId(told);
    this.approvals.hear(event);
    this.#parts.overlaps.hear(event);
    const { events } = this.#state;
    for (const { type, fields } of this.#decoder.decode(event)) {
      // The end of a turn is shown once the workspace has been looked at.
      if (type === 'turn.completed' && this.#working.has(fields.turn_id)) continue;
      events.add(type, fields);
      events.announce('session.event');
    }
    remember(this.#state, event);
  }

  /** Replaces the agent's id of a turn, which is known only once the turn has begun. */
  #withOwnId<T extends AgentEvent | AgentRequest>(told: T): T {
    return 'turnId' in told ? { ...told, turnId: this.#state.turns.idOf(told.turnId) } : told;
  }
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
