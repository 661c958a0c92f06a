import { createReplay, type Replay } from '../../base/async/replay.ts';

/** No limit: the work limits its size itself, and if its reader cut it off, its end could not be reported. */
const UNLIMITED = { capacity: Infinity, sizeOf: () => 0, onFull: () => new Error('over no limit') };

/** Jobs that go on without the client that asked for them, and report by events. */
export interface BackgroundJobs<E> {
  /** Starts a job. */
  start(id: string, run: (signal: AbortSignal) => AsyncIterable<E>): void;
  /** Yields all events of a running job, from its first; returns undefined for any other. */
  read(id: string, signal: AbortSignal): AsyncIterable<E> | undefined;
  /** Aborts a running job and resolves at its end; returns undefined for any other. */
  cancel(id: string, reason: Error): Promise<void> | undefined;
  /** Number of running jobs. */
  readonly count: number;
  /** Aborts all jobs and resolves at their end. */
  stop(reason: Error): Promise<void>;
}

interface Job<E> {
  readonly replay: Replay<E>;
  readonly controller: AbortController;
}

export function createBackgroundJobs<E>(): BackgroundJobs<E> {
  const running = new Map<string, Job<E>>();

  async function end({ replay, controller }: Job<E>, reason: Error): Promise<void> {
    controller.abort(reason);
    await replay.ended;
  }

  return {
    start(id, run) {
      const controller = new AbortController();
      const replay = createReplay(run(controller.signal), UNLIMITED);
      running.set(id, { replay, controller });
      void replay.ended.then(() => {
        running.delete(id);
        // An answer whose events could not be encoded would go on without a reader, and keep its place.
        controller.abort(new Error('the work has ended'));
      });
    },
    read: (id, signal) => running.get(id)?.replay.read(signal),
    cancel(id, reason) {
      const job = running.get(id);
      return job && end(job, reason);
    },
    get count() {
      return running.size;
    },
    async stop(reason) {
      await Promise.all([...running.values()].map((job) => end(job, reason)));
    },
  };
}
