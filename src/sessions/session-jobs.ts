import { GatewayError, shuttingDown } from '../base/errors.ts';
import type { ChangeName } from './events/event-log.ts';
import type { SessionStatus } from './events/shapes.ts';
import { unknownMessage, type KeptMessage } from './message-list.ts';
import type { SessionState } from './session-state.ts';
import { createJob, type TurnJob, type TurnOutcome, type TurnTask } from './turn-job.ts';
import type { SessionQueue } from './turns/session-queue.ts';

/** Maximum number of paths in the event of a turn's end. */
const NAMED_PATHS = 100;

export interface SessionJobsOptions {
  readonly state: SessionState;
  readonly queue: SessionQueue;
  readonly runsElsewhere: boolean;
  work(job: TurnJob): Promise<TurnOutcome>;
  /** Called when the first turn comes, and when the last one has ended. */
  onIdle(isIdle: boolean): void;
}

/** The turns of one session that run or wait, in order. */
export class SessionJobs {
  readonly #options: SessionJobsOptions;
  readonly #jobs: TurnJob[] = [];
  #running: TurnJob | undefined;
  #isClosed = false;
  #isHeld = false;
  #runsElsewhere: boolean;

  constructor(options: SessionJobsOptions) {
    this.#options = options;
    this.#runsElsewhere = options.runsElsewhere;
  }

  /** True if another gateway is known to work on the session, which is then loaded anew before it is used again. */
  get runsElsewhere(): boolean {
    return this.#runsElsewhere;
  }

  /** True if no turn runs or waits, and nothing holds them up. */
  get isIdle(): boolean {
    return this.#jobs.length === 0 && !this.#isHeld;
  }

  get running(): TurnJob | undefined {
    return this.#running;
  }

  /** Place of the session's next turn: 1 for the next one of all, 0 without a turn that waits. */
  get position(): number {
    return this.#jobs.find((job) => job !== this.#running)?.place?.position() ?? 0;
  }

  find(messageId: string): TurnJob | undefined {
    return this.#jobs.find((job) => job.messageId === messageId);
  }

  /**
   * Accepts a turn, with the message that asks for it. Rejects with a `GatewayError` if it has no place or cannot be stored, and
   * then nothing of it is kept.
   *
   * @param messageOf Returns the message; called once nothing but storing it can fail.
   */
  async accept(task: TurnTask, messageOf?: (turnId: string) => KeptMessage): Promise<TurnJob> {
    const { state } = this.#options;
    this.requireHere();
    const job = this.#enter(task);
    try {
      await this.#store(job, messageOf);
    } catch (error) {
      job.accepted.reject(error);
      this.#leave(job);
      state.turns.remove(job.turnId);
      // Its events are those of the other gateway now.
      if (this.#running === undefined && !this.#runsElsewhere)
        this.#show(this.#restStatus(), 'session.updated');
      job.finished.resolve();
      throw error;
    }
    if (this.#running !== undefined) this.#show('running', 'session.updated');
    else if (job.place?.position() !== 0) this.#show('queued', 'session.queued');
    job.accepted.resolve();
    return job;
  }

  /** Gives up a turn that waits; returns false if it does not wait. */
  withdraw(job: TurnJob): boolean {
    if (job === this.#running || !this.#jobs.includes(job) || job.place?.position() === 0) return false;
    this.#end(job, { status: 'interrupted', skipped: [], skippedCount: 0 });
    return true;
  }

  /** Throws a `GatewayError` if another gateway works on the session. */
  requireHere(): void {
    if (this.#runsElsewhere) throw runsElsewhere();
  }

  /** Throws a `GatewayError` if a turn runs or waits. */
  requireIdle(): void {
    if (!this.isIdle)
      throw new GatewayError('session_busy', 'Codex is already working on this conversation.');
  }

  /** Does something during which no turn may run. Rejects with a `GatewayError` if one runs or waits. */
  async holdWhile<T>(work: () => Promise<T>): Promise<T> {
    this.requireHere();
    if (!this.isIdle)
      throw new GatewayError(
        'session_conflict',
        'A turn is running or waiting; interrupt it before an undo.',
      );
    this.#isHeld = true;
    try {
      return await work();
    } finally {
      this.#isHeld = false;
    }
  }

  /** Takes back a message that waits. Rejects with a `GatewayError` if it does not. */
  async takeBack(messageId: string): Promise<void> {
    const { messages, turns, events, writer } = this.#options.state;
    const job = this.find(messageId);
    if (job === undefined && messages.find(messageId) === undefined) throw unknownMessage();
    if (job === undefined || !this.withdraw(job))
      throw new GatewayError('session_conflict', 'The message does not wait any more.');
    await messages.remove(messageId);
    turns.remove(job.turnId);
    events.announce('session.updated');
    writer.saveSoon();
  }

  /** Ends the running turn, or else the first that waits. */
  async interrupt(): Promise<void> {
    const [first] = this.#jobs;
    if (first !== undefined) await this.#stop(first);
  }

  /** Ends all of them, and accepts no more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#jobs.toReversed().map((job) => this.#stop(job)));
  }

  /** Accepts no more, and gives up those that wait. */
  drain(): void {
    this.#isClosed = true;
    for (const job of this.#jobs.toReversed()) this.withdraw(job);
  }

  #enter(task: TurnTask): TurnJob {
    const { state, queue, onIdle } = this.#options;
    if (this.#isClosed) throw shuttingDown();
    if (this.#isHeld) this.requireIdle();
    const job = createJob(task);
    job.place = queue.enter(state.choices.id, () => void this.#run(job));
    if (job.place === undefined) {
      const { max_queued_turns: count } = queue.load();
      // Clients of codex-bridge know the first words.
      const problem = `Codex Bridge is busy. Queue is full (${count} pending turns). The setting sessions.maxQueuedTurns allows more.`;
      throw new GatewayError('sessions_full', problem, { retryAfter: 5 });
    }
    this.#jobs.push(job);
    if (this.#jobs.length === 1) onIdle(false);
    state.turns.add({ id: job.turnId, kind: task.kind });
    if (this.#running === undefined) state.set({ status: job.place.position() > 0 ? 'queued' : 'running' });
    return job;
  }

  async #store(job: TurnJob, messageOf: ((turnId: string) => KeptMessage) | undefined): Promise<void> {
    const { state } = this.#options;
    // Saved as running before anything is added: another process may have the session.
    const saved = await state.writer.save();
    if (saved === 'missing') throw new GatewayError('session_not_found', 'Session not found');
    this.#runsElsewhere = saved === 'elsewhere';
    this.requireHere();
    if (messageOf === undefined) return;
    const message = messageOf(job.turnId);
    job.messageId = message.message.id;
    await state.messages.accept(message);
  }

  async #run(job: TurnJob): Promise<void> {
    const { state, work } = this.#options;
    try {
      await job.accepted.promise;
    } catch {
      return;
    }
    this.#running = job;
    state.turns.change(job.turnId, { status: 'running' });
    this.#show('running', 'session.running');
    this.#end(job, await work(job));
  }

  #end(job: TurnJob, { status, error, skipped, skippedCount }: TurnOutcome): void {
    const { state } = this.#options;
    state.turns.change(job.turnId, { status });
    const named = skipped.slice(0, NAMED_PATHS);
    const leftOut = skippedCount - named.length;
    this.#leave(job);
    state.events.add('turn.completed', {
      turn_id: job.turnId,
      status,
      ...(error !== undefined && { error }),
      ...(named.length > 0 && { undo_skipped: named }),
      ...(leftOut > 0 && { undo_skipped_left_out: leftOut }),
    });
    state.set({ lastError: status === 'failed' ? (error ?? 'The turn has failed.') : null });
    if (this.#running === undefined)
      this.#show(this.#restStatus(), status === 'failed' ? 'session.error' : 'session.completed');
    void state.events.flush();
    job.finished.resolve();
  }

  async #stop(job: TurnJob): Promise<void> {
    if (this.withdraw(job)) return;
    job.stopping.abort();
    await job.finished.promise;
  }

  #leave(job: TurnJob): void {
    const index = this.#jobs.indexOf(job);
    if (index !== -1) this.#jobs.splice(index, 1);
    if (this.#running === job) this.#running = undefined;
    job.place?.leave();
    if (this.isIdle) this.#options.onIdle(true);
  }

  #restStatus(): SessionStatus {
    if (!this.isIdle) return 'queued';
    return this.#options.state.facts.lastError === null ? 'idle' : 'error';
  }

  /** Changes the status, and shows that to everybody. */
  #show(status: SessionStatus, name: ChangeName): void {
    const { state } = this.#options;
    const { lastError: error } = state.facts;
    state.set({ status });
    state.events.add('session.updated', { status, queue_position: this.position, last_error: error });
    state.change({}, name);
  }
}

export function runsElsewhere(): GatewayError {
  return new GatewayError('session_conflict', 'Another gateway is working on this conversation.');
}
