import { NEVER_ABORTED } from '../base/async/abort.ts';
import { GatewayError, messageOf } from '../base/errors.ts';
import type {
  AgentEvent,
  AgentInput,
  AgentRequest,
  AgentThread,
  RequestAnswer,
} from '../conversation/ports/agent.ts';
import { describeRequest } from './approvals/describe-request.ts';
import { createPendingApprovals, type Approval } from './approvals/pending-approvals.ts';
import { createEventLog, type EventLog } from './events/event-log.ts';
import { decodeAgentEvent } from './events/decode-agent-event.ts';
import type { SessionChoices, SessionParts } from './session-options.ts';
import type { QueuedTurn } from './turns/session-queue.ts';

export type SessionStatus = 'idle' | 'queued' | 'running' | 'error';

export interface SessionMessage {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly turn_id: string | null;
  /** Unix milliseconds. */
  readonly created_at: number;
}

/** A conversation with an agent that works in one folder. One turn runs at a time. */
export class Session {
  readonly choices: SessionChoices;
  readonly events: EventLog = createEventLog(0);
  readonly messages: SessionMessage[] = [];
  readonly #parts: SessionParts;
  readonly #approvals = createPendingApprovals((approval) => this.#responded(approval, 'deny', 'timeout'));
  #status: SessionStatus = 'idle';
  #lastError: string | null = null;
  #draft = '';
  #thread: AgentThread | undefined;
  #threadId: string | null = null;
  #place: QueuedTurn | undefined;
  #turnEnd = Promise.withResolvers<void>();
  #updatedAt: number;

  constructor(choices: SessionChoices, parts: SessionParts) {
    this.choices = choices;
    this.#parts = parts;
    this.#updatedAt = choices.createdAt;
  }

  get state() {
    return {
      status: this.#status,
      threadId: this.#threadId,
      lastError: this.#lastError,
      draft: this.#draft,
      updatedAt: this.#updatedAt,
      approvals: this.#approvals.list(),
      queuePosition: this.#status === 'queued' ? (this.#place?.position() ?? 0) : 0,
    };
  }

  /** Accepts a message, which becomes a turn. Returns true if it has to wait. */
  send(text: string): boolean {
    if (this.#status === 'queued' || this.#status === 'running')
      throw new GatewayError('session_busy', 'Codex is already working on this conversation.');
    const place = this.#parts.queue.enter(() => void this.#runTurn(text));
    if (place === undefined) {
      const { max_queued_turns: count } = this.#parts.queue.load();
      throw new GatewayError(
        'sessions_full',
        `Codex Bridge is busy. Queue is full (${count} pending turns).`,
        { retryAfter: 5 },
      );
    }
    this.#place = place;
    this.#add('user', text);
    const isWaiting = place.position() > 0;
    this.#change(isWaiting ? 'queued' : 'running', isWaiting ? 'session.queued' : 'session.running');
    return isWaiting;
  }

  /** Decides about a request; undefined means the oldest one. */
  answer(requestId: string | undefined, answer: RequestAnswer): void {
    const approval = this.#approvals.answer(requestId, answer);
    if (approval === undefined)
      throw new GatewayError('approval_not_pending', 'No approval with this request_id is pending.');
    this.#responded(approval, answer.decision, 'client');
  }

  async #runTurn(text: string): Promise<void> {
    await Promise.resolve();
    this.#turnEnd = Promise.withResolvers();
    this.#draft = '';
    this.#change('running', 'session.running');
    try {
      const thread = await this.#openThread();
      const input: AgentInput[] = [{ type: 'text', text }];
      const { review, sandbox } = this.choices;
      await thread.startTurn({ input, review, sandbox });
      await this.#turnEnd.promise;
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

  async #openThread(): Promise<AgentThread> {
    const { workspace, model, provider } = this.choices;
    const options = { workspace, model, provider };
    const listener = {
      onEvents: (events: readonly AgentEvent[]) => events.forEach((event) => this.#hear(event)),
      onRequest: (request: AgentRequest) => this.#ask(request),
      onGone: () => this.#lose(),
    };
    const { engine } = this.#parts;
    const id = this.#threadId;
    this.#thread ??= await (id === null
      ? engine.start(options, listener, NEVER_ABORTED)
      : engine.resume(id, options, listener, NEVER_ABORTED));
    if (id === null) {
      this.#threadId = this.#thread.id;
      this.events.add('thread.started', { thread_id: this.#thread.id });
    }
    return this.#thread;
  }

  #hear(event: AgentEvent): void {
    if (event.type === 'text-delta') this.#draft += event.text;
    if (event.type === 'request-resolved') this.#approvals.drop(event.requestId);
    if (event.type === 'item-completed' && event.item.type === 'agentMessage')
      this.#add('assistant', String(event.item.text), event.turnId);
    const shown = decodeAgentEvent(event);
    if (shown !== undefined) this.events.add(shown.type, shown.fields);
    this.events.announce('session.event');
    if (event.type !== 'turn-completed') return;
    if (event.status === 'failed')
      this.#turnEnd.reject(new GatewayError('provider_failed', event.error ?? ''));
    else this.#turnEnd.resolve();
  }

  #ask(request: AgentRequest): void {
    const approval = describeRequest(request, {
      diff: undefined,
      timeoutMs: this.#parts.approvalTimeoutMs,
    });
    this.#approvals.add(approval, request);
    this.events.add('approval.requested', { turn_id: approval.turn_id, approval });
    this.events.announce('session.approval.required');
  }

  #responded(approval: Approval, decision: string, by: 'client' | 'timeout'): void {
    const { request_id: requestId, turn_id: turnId } = approval;
    this.events.add('approval.responded', { turn_id: turnId, request_id: requestId, decision, by });
    this.events.announce('session.event');
  }

  #lose(): void {
    this.#thread = undefined;
    for (const { request_id: id } of this.#approvals.list()) this.#approvals.drop(id);
    const message = 'The Codex process of the agent has ended; send the message again.';
    this.#turnEnd.reject(new GatewayError('codex_unavailable', message));
  }

  #add(role: SessionMessage['role'], text: string, turnId: string | null = null): void {
    const message = { id: crypto.randomUUID(), role, text, turn_id: turnId, created_at: Date.now() };
    this.messages.push(message);
    if (role === 'assistant') this.#draft = '';
    this.events.add('message.added', { ...(turnId !== null && { turn_id: turnId }), message });
    this.events.announce('session.message');
  }

  #change(status: SessionStatus, name: Parameters<EventLog['announce']>[0]): void {
    this.#status = status;
    this.#updatedAt = Date.now();
    this.events.announce(name);
  }
}
