import { NEVER_ABORTED } from '../base/async/abort.ts';
import { GatewayError, messageOf } from '../base/errors.ts';
import type { AgentEvent, RequestAnswer } from '../conversation/ports/agent.ts';
import { createSessionApprovals, type SessionApprovals } from './approvals/session-approvals.ts';
import { showAttachment } from './attachments/attachment.ts';
import { prepareInput } from './attachments/prepare-input.ts';
import { createEventDecoder } from './events/event-decoder.ts';
import { createEventLog, type EventLog } from './events/event-log.ts';
import type { MessageAttachment, SessionStatus } from './events/shapes.ts';
import { createMessageList, type MessageList } from './message-list.ts';
import type { SessionChoices, SessionParts } from './session-options.ts';
import { createSessionThread, type SessionThread } from './session-thread.ts';
import type { QueuedTurn } from './turns/session-queue.ts';
import { createSessionTurns, type SessionTurns } from './turns/session-turns.ts';

/** A message as a client sends it. */
export interface NewMessage {
  readonly text: string;
  readonly attachments?: readonly MessageAttachment[] | undefined;
}

/** The outcome of a message that was accepted. */
export interface SentMessage {
  readonly messageId: string;
  /** 1 for the next turn to start; 0 for one that runs. */
  readonly queuePosition: number;
}

/** A conversation with an agent that works in one folder. One turn runs at a time. */
export class Session {
  readonly choices: SessionChoices;
  readonly events: EventLog;
  readonly messages: MessageList;
  readonly #parts: SessionParts;
  readonly #approvals: SessionApprovals;
  readonly #runner: SessionTurns = createSessionTurns();
  readonly #thread: SessionThread;
  readonly #decoder = createEventDecoder();
  #status: SessionStatus = 'idle';
  #lastError: string | null = null;
  #place: QueuedTurn | undefined;
  #updatedAt: number;

  constructor(choices: SessionChoices, parts: SessionParts) {
    this.choices = choices;
    this.#parts = parts;
    this.#updatedAt = choices.createdAt;
    this.events = createEventLog({
      lastId: 0,
      latest: [],
      save: async () => {},
      load: async () => ({ events: [], isComplete: true }),
    });
    this.messages = createMessageList(this.events);
    const { workspace, review, model } = choices;
    this.#approvals = createSessionApprovals({
      workspace,
      review,
      timeoutMs: parts.approvalTimeoutMs,
      events: this.events,
      onWaiting: () => {},
    });
    this.#thread = createSessionThread({
      engine: parts.engine,
      id: null,
      options: async () => ({ workspace, model, provider: await parts.providers.resolve(choices) }),
      listener: {
        onEvents: (events) => events.forEach((event) => this.#hear(event)),
        onRequest: this.#approvals.ask,
        onGone: () => this.#lose(),
      },
      onStarted: (id) => this.events.add('thread.started', { thread_id: id }),
    });
  }

  get state() {
    return {
      status: this.#status,
      threadId: this.#thread.id,
      lastError: this.#lastError,
      draft: this.#runner.draft,
      updatedAt: this.#updatedAt,
      approvals: this.#approvals.list(),
      queuePosition: this.#status === 'queued' ? (this.#place?.position() ?? 0) : 0,
    };
  }

  /** Accepts a message, which becomes a turn. Rejects with a `GatewayError`, and then nothing of it is kept. */
  async send(message: NewMessage): Promise<SentMessage> {
    if (this.#status === 'queued' || this.#status === 'running')
      throw new GatewayError('session_busy', 'Codex is already working on this conversation.');
    const place = this.#parts.queue.enter(() => void this.#runTurn(message));
    if (place === undefined) {
      const { max_queued_turns: count } = this.#parts.queue.load();
      throw new GatewayError(
        'sessions_full',
        `Codex Bridge is busy. Queue is full (${count} pending turns).`,
        { retryAfter: 5 },
      );
    }
    this.#place = place;
    const { text, attachments } = message;
    const { id } = this.messages.add({
      role: 'user',
      text,
      turn_id: null,
      ...(attachments && { attachments: attachments.map(showAttachment) }),
    });
    const queuePosition = place.position();
    this.#change(
      queuePosition > 0 ? 'queued' : 'running',
      queuePosition > 0 ? 'session.queued' : 'session.running',
    );
    return { messageId: id, queuePosition };
  }

  /** Decides about a request; undefined means the oldest one. */
  answer(requestId: string | undefined, answer: RequestAnswer): Promise<void> {
    return this.#approvals.answer(requestId, answer);
  }

  async #runTurn({ text, attachments = [] }: NewMessage): Promise<void> {
    await Promise.resolve();
    this.#change('running', 'session.running');
    const { id: sessionId, context, review, sandbox } = this.choices;
    try {
      const thread = await this.#thread.open(NEVER_ABORTED);
      const { input, release } = await prepareInput(
        { sessionId, context, text, attachments },
        this.#parts.files,
      );
      try {
        const { status, error } = await this.#runner.run(thread, { input, review, sandbox });
        if (status === 'failed') throw new GatewayError('provider_failed', error ?? '');
      } finally {
        await release();
      }
      this.#lastError = null;
      this.#change('idle', 'session.completed');
    } catch (error) {
      this.#lastError = error instanceof GatewayError ? error.message : messageOf(error);
      this.#change('error', 'session.error');
    } finally {
      this.#place?.leave();
      this.#place = undefined;
    }
  }

  #hear(event: AgentEvent): void {
    this.#approvals.hear(event);
    this.#runner.hear(event);
    if (event.type === 'item-completed' && event.item.type === 'agentMessage')
      this.messages.add({ role: 'assistant', text: String(event.item.text), turn_id: event.turnId });
    for (const { type, fields } of this.#decoder.decode(event)) this.events.add(type, fields);
    this.events.announce('session.event');
  }

  #lose(): void {
    this.#approvals.dropAll();
    this.#runner.lose();
  }

  #change(status: SessionStatus, name: Parameters<EventLog['announce']>[0]): void {
    this.#status = status;
    this.#updatedAt = Date.now();
    this.events.add('session.updated', {
      status,
      queue_position: this.state.queuePosition,
      last_error: this.#lastError,
    });
    this.events.announce(name);
  }
}
