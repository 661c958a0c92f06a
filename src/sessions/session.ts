import { NEVER_ABORTED } from '../base/async/abort.ts';
import { GatewayError } from '../base/errors.ts';
import type { RequestAnswer } from '../conversation/ports/agent.ts';
import { prepareInput } from './attachments/prepare-input.ts';
import { userMessage, type NewMessage, type SentTurn } from './new-message.ts';
import { createSentKeys, requestDigest, type SentKey, type SentKeys } from './sent-keys.ts';
import { SessionAgent } from './session-agent.ts';
import {
  describeTurns,
  undoFrom,
  undoNote,
  type TurnsDescription,
  type UndoneTurns,
} from './session-history.ts';
import { SessionJobs } from './session-jobs.ts';
import type { SessionParts } from './session-options.ts';
import { summarize, titleOf, type SessionSummary } from './session-record.ts';
import { SessionState, type LoadedSession } from './session-state.ts';
import type { TurnTask } from './turn-job.ts';

/** A conversation with an agent that works in one folder. One turn runs at a time. */
export class Session {
  readonly state: SessionState;
  readonly #parts: SessionParts;
  readonly #agent: SessionAgent;
  readonly #jobs: SessionJobs;
  readonly #keys: SentKeys<SentTurn>;
  #idleTimer: NodeJS.Timeout | undefined;
  #isDraining = false;
  #isUndoing = false;

  constructor(loaded: LoadedSession, parts: SessionParts) {
    this.#parts = parts;
    const state = new SessionState(loaded, parts.store);
    this.state = state;
    this.#agent = new SessionAgent({
      state,
      parts,
      endTurn: async () => await this.interrupt(),
      onWaiting: (isWaiting) => {
        if (isWaiting && this.#isDraining) void this.interrupt();
      },
    });
    this.#jobs = new SessionJobs({
      state,
      queue: parts.queue,
      work: async (job) => await this.#agent.work(job),
      onIdle: (isIdle) => this.#rest(isIdle),
    });
    this.#keys = createSentKeys((key) => {
      const found = state.messages.findKey(key);
      return found && { digest: found.digest, outcome: () => this.#sent(found.message.id) };
    });
    this.#rest(true);
  }

  get id(): string {
    return this.state.choices.id;
  }

  get choices() {
    return this.state.choices;
  }

  get events() {
    return this.state.events;
  }

  /** True while a turn runs or waits, or somebody reads the stream. */
  get isUsed(): boolean {
    return this.isBusy || this.state.events.isFollowed;
  }

  /** True while a turn runs or waits. */
  get isBusy(): boolean {
    return !this.#jobs.isIdle || this.#isUndoing;
  }

  /** Everything that only this process knows. */
  get live() {
    const { approvals, draft } = this.#agent;
    const { text, leftOut } = draft.show();
    return {
      approvals: approvals.list(),
      draft: text,
      draftLeftOut: leftOut,
      queuePosition: this.#jobs.position,
    };
  }

  /** Accepts a message, which becomes a turn or a part of the one that runs. Rejects with a `GatewayError`. */
  async send(message: NewMessage): Promise<SentTurn> {
    const { idempotencyKey: key, ...content } = message;
    if (key === undefined) return await this.#send(message);
    const sent: SentKey = { key, digest: requestDigest(content) };
    return await this.#keys.once(sent, () => this.#send(message, sent));
  }

  /** Adds a message to the turn that runs. Rejects with a `GatewayError` if there is none. */
  async steer(message: NewMessage): Promise<SentTurn> {
    const steered = await this.#steer(message);
    if (steered !== undefined) return steered;
    throw new GatewayError('session_conflict', 'No turn is running that a message could be added to.');
  }

  /** Starts a turn without a message. */
  async start(task: Exclude<TurnTask, { readonly kind: 'message' }>): Promise<SentTurn> {
    this.#requireRest();
    const { turnId, place } = await this.#jobs.accept(task);
    return { turnId, messageId: null, queuePosition: place?.position() ?? 0 };
  }

  /** Takes back a message that waits. */
  async takeBack(messageId: string): Promise<void> {
    await this.#jobs.takeBack(messageId);
  }

  /** Ends the turn that runs, with its commands, or else the first that waits. */
  async interrupt(): Promise<void> {
    await this.#jobs.interrupt();
  }

  /** Decides about a request; undefined means the oldest one. */
  answer(requestId: string | undefined, answer: RequestAnswer): Promise<void> {
    return this.#agent.approvals.answer(requestId, answer);
  }

  /** Describes what a turn, or the whole session, changed on disk. */
  diff(turnId: string | undefined): Promise<TurnsDescription> {
    return describeTurns(this.state.turns, this.#parts.history, turnId);
  }

  /** Puts back what a turn and those after it changed on disk. */
  async undo(turnId: string): Promise<UndoneTurns> {
    if (this.isBusy)
      throw new GatewayError(
        'session_conflict',
        'A turn is running or waiting; interrupt it before an undo.',
      );
    this.#isUndoing = true;
    try {
      // A command that still runs would change the files again.
      await this.#agent.thread.loaded()?.endCommands();
      const undone = await undoFrom(this.state.turns, this.#parts.history, turnId);
      const { facts, events } = this.state;
      events.add('turn.undone', { turn_id: turnId, turns: undone.turnIds, files: undone.files });
      this.state.change({ note: undoNote(undone.files, facts.note) }, 'session.updated');
      await this.state.flush();
      return undone;
    } finally {
      this.#isUndoing = false;
    }
  }

  /** Returns the session as a list shows it. */
  summary(): SessionSummary {
    return summarize(this.state.record(), this.#agent.approvals.list().length);
  }

  /** Ends everything that runs, and frees everything. The session stays in the store. */
  async close(): Promise<void> {
    await this.#jobs.close();
    clearTimeout(this.#idleTimer);
    this.#agent.approvals.dropAll();
    await this.#agent.thread.unload().catch(() => {});
    this.state.events.end();
    await this.state.flush();
  }

  /** Starts the thread with the history of another one, up to one of its turns. */
  async forkFrom(threadId: string, lastTurnId: string | undefined): Promise<void> {
    await this.#agent.thread.fork(threadId, lastTurnId, NEVER_ABORTED);
    await this.state.flush();
  }

  /** Accepts no more turns, and ends one that waits for a person. */
  drain(): void {
    this.#isDraining = true;
    this.#jobs.drain();
    if (this.#agent.approvals.list().length > 0) void this.interrupt();
    if (!this.isBusy) this.state.events.end();
  }

  async #send(message: NewMessage, sent?: SentKey): Promise<SentTurn> {
    const { text, attachments = [], isPlan = false } = message;
    const steered = await this.#steerOrRest(message, sent);
    if (steered !== undefined) return steered;
    const { turnId, messageId, place } = await this.#jobs.accept(
      { kind: 'message', text, attachments, isPlan },
      (id) => {
        const { title, context } = this.state.facts;
        // Its own turn needs the context already.
        this.state.set({
          title: title === '' ? titleOf(text) : title,
          context: message.context ?? context,
        });
        return { message: userMessage(message, id), ...sent };
      },
    );
    return { turnId, messageId: messageId ?? null, queuePosition: place?.position() ?? 0 };
  }

  /** Adds a message to the turn that runs if it says so. */
  async #steerOrRest(message: NewMessage, sent: SentKey | undefined): Promise<SentTurn | undefined> {
    const steered = message.mode === 'steer' ? await this.#steer(message, sent) : undefined;
    if (steered === undefined && (message.mode !== 'queue' || this.#isUndoing)) this.#requireRest();
    return steered;
  }

  async #steer(message: NewMessage, sent?: SentKey): Promise<SentTurn | undefined> {
    const job = this.#jobs.running;
    if (job === undefined) return undefined;
    const { text, attachments = [] } = message;
    const { files } = this.#parts;
    const added = await prepareInput({ sessionId: this.id, context: {}, text, attachments }, files);
    job.added.push(added);
    try {
      if (!(await this.#agent.steer(added.input))) return undefined;
    } catch (error) {
      // It has ended meanwhile.
      if (this.#jobs.running !== job) return undefined;
      throw error;
    }
    const kept = userMessage(message, job.turnId);
    await this.state.messages.accept({ message: kept, ...sent });
    return { turnId: job.turnId, messageId: kept.id, queuePosition: 0 };
  }

  /** Returns the outcome of a message that was accepted earlier. */
  #sent(messageId: string): SentTurn {
    const turnId = this.state.messages.find(messageId)?.turn_id ?? '';
    const queuePosition = this.#jobs.find(messageId)?.place?.position() ?? 0;
    return { turnId, messageId, queuePosition };
  }

  #requireRest(): void {
    if (this.isBusy) throw new GatewayError('session_busy', 'Codex is already working on this conversation.');
  }

  #rest(isIdle: boolean): void {
    clearTimeout(this.#idleTimer);
    if (!isIdle) return;
    this.#idleTimer = setTimeout(() => this.#parts.onIdle(this.id), this.#parts.idleMs).unref();
    if (this.#isDraining) this.state.events.end();
  }

  /** Gives up the thread, which the next turn resumes. */
  async unload(): Promise<void> {
    if (this.isBusy) return;
    await this.#agent.thread.unload();
    await this.state.flush();
  }
}
