import { GatewayError, shuttingDown } from '../base/errors.ts';
import type { ChangeName } from './events/event-log.ts';
import type { SessionStatus } from './events/shapes.ts';
import type { KeptMessage } from './message-list.ts';
import type { SessionState } from './session-state.ts';
import { createJob, type TurnJob, type TurnOutcome, type TurnTask } from './turn-job.ts';
import type { SessionQueue } from './turns/session-queue.ts';

/** The turns of one session that run or wait, in order. */
export interface SessionJobs {
  /** Returns true if no turn runs or waits. */
  isIdle(): boolean;
  running(): TurnJob | undefined;
  /** Returns the place of the session's next turn: 1 for the next one of all, 0 without a turn that waits. */
  position(): number;
  /**
   * Accepts a turn, with the message that asks for it. Rejects with a `GatewayError` if it has no place or cannot be stored, and
   * then nothing of it is kept.
   */
  accept(task: TurnTask, messageOf?: (turnId: string) => KeptMessage): Promise<TurnJob>;
  /** Gives up a turn that waits; returns false if it does not wait. */
  withdraw(job: TurnJob): boolean;
  find(messageId: string): TurnJob | undefined;
  /** Ends the running turn, or else the first that waits. */
  interrupt(): Promise<void>;
  /** Ends all of them, and accepts no more. */
  close(): Promise<void>;
  /** Accepts no more, and gives up those that wait. */
  drain(): void;
}

export interface SessionJobsOptions {
  readonly state: SessionState;
  readonly queue: SessionQueue;
  work(job: TurnJob): Promise<TurnOutcome>;
  /** Called when the first turn comes, and when the last one has ended. */
  onIdle(isIdle: boolean): void;
}

export function createSessionJobs({ state, queue, work, onIdle }: SessionJobsOptions): SessionJobs {
  const jobs: TurnJob[] = [];
  let current: TurnJob | undefined;
  let isClosed = false;

  function enter(task: TurnTask): TurnJob {
    if (isClosed) throw shuttingDown();
    const job = createJob(task);
    const place = queue.enter(state.choices.id, () => void run(job));
    if (place === undefined) {
      const { max_queued_turns: count } = queue.load();
      const problem = `Codex Bridge is busy. Queue is full (${count} pending turns).`;
      throw new GatewayError('sessions_full', problem, { retryAfter: 5 });
    }
    job.place = place;
    jobs.push(job);
    if (jobs.length === 1) onIdle(false);
    state.turns.add({ id: job.turnId, kind: task.kind });
    if (current === undefined) state.set({ status: place.position() > 0 ? 'queued' : 'running' });
    return job;
  }

  function leave(job: TurnJob): void {
    const index = jobs.indexOf(job);
    if (index !== -1) jobs.splice(index, 1);
    if (current === job) current = undefined;
    job.place?.leave();
    if (jobs.length === 0) onIdle(true);
  }

  const position = () => jobs.find((job) => job !== current)?.place?.position() ?? 0;

  /** Changes the status, and tells everybody about it. */
  function show(status: SessionStatus, name: ChangeName): void {
    state.set({ status });
    const { lastError } = state.facts;
    state.events.add('session.updated', { status, queue_position: position(), last_error: lastError });
    state.change({}, name);
  }

  const restStatus = () => (jobs.length > 0 ? 'queued' : state.facts.lastError === null ? 'idle' : 'error');

  async function run(job: TurnJob): Promise<void> {
    try {
      await job.accepted.promise;
    } catch {
      return;
    }
    current = job;
    state.turns.change(job.turnId, { status: 'running' });
    show('running', 'session.running');
    end(job, await work(job));
  }

  function end(job: TurnJob, { status, error, skipped }: TurnOutcome): void {
    state.turns.change(job.turnId, { status, undoSkipped: skipped });
    leave(job);
    state.events.add('turn.completed', {
      turn_id: job.turnId,
      status,
      ...(error !== undefined && { error }),
      ...(skipped.length > 0 && { undo_skipped: skipped }),
    });
    state.set({ lastError: status === 'failed' ? (error ?? 'The turn has failed.') : null });
    if (current === undefined)
      show(restStatus(), status === 'failed' ? 'session.error' : 'session.completed');
    void state.events.flush();
    job.finished.resolve();
  }

  function withdraw(job: TurnJob): boolean {
    if (job === current || !jobs.includes(job) || job.place?.position() === 0) return false;
    end(job, { status: 'interrupted', skipped: [] });
    return true;
  }

  async function stop(job: TurnJob): Promise<void> {
    if (withdraw(job)) return;
    job.stopping.abort();
    await job.finished.promise;
  }

  return {
    isIdle: () => jobs.length === 0,
    running: () => current,
    position,
    async accept(task, messageOf) {
      const job = enter(task);
      try {
        // Saved as running before anything is added: another process may have the session.
        const saved = await state.writer.save();
        if (saved === 'missing') throw new GatewayError('session_not_found', 'Session not found');
        if (saved === 'elsewhere')
          throw new GatewayError('session_conflict', 'Another gateway is working on this conversation.');
        if (messageOf !== undefined) {
          const message = messageOf(job.turnId);
          job.messageId = message.message.id;
          await state.messages.accept(message);
        }
      } catch (error) {
        job.accepted.reject(error);
        leave(job);
        state.turns.remove(job.turnId);
        if (current === undefined) show(restStatus(), 'session.updated');
        job.finished.resolve();
        throw error;
      }
      if (current !== undefined) show('running', 'session.updated');
      else if (job.place?.position() !== 0) show('queued', 'session.queued');
      job.accepted.resolve();
      return job;
    },
    withdraw,
    find: (messageId) => jobs.find((job) => job.messageId === messageId),
    async interrupt() {
      const [first] = jobs;
      if (first !== undefined) await stop(first);
    },
    async close() {
      isClosed = true;
      await Promise.all(jobs.toReversed().map(stop));
    },
    drain() {
      isClosed = true;
      for (const job of [...jobs]) withdraw(job);
    },
  };
}
