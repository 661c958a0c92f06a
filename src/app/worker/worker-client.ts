import { abortable } from '../../base/async/abort.ts';
import { shuttingDown } from '../../base/errors.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { createSemaphore } from '../../base/async/semaphore.ts';
import { startThread, type Thread } from './thread.ts';

/** Work for a thread of its own, which can be ended in the middle of whatever it does. */
export interface WorkerClient<Job, Result> {
  /**
   * Waits for the jobs before it, then for its result. Rejects with the error of `onExhausted`, with whatever ended the
   * thread, or with the signal's reason.
   */
  run(job: Job, signal: AbortSignal, transfer?: readonly ArrayBuffer[]): Promise<Result>;
  /** Ends the thread; the jobs that are left reject. */
  close(): Promise<void>;
}

export interface WorkerClientOptions {
  /** The module that calls `serveJobs`. */
  readonly entry: URL;
  /**
   * Milliseconds for one job, without the start of a thread. On a busy machine that is processor time, up to ten times as
   * long by the clock.
   */
  readonly deadline: number;
  /** Megabytes of the heap. */
  readonly memory: number;
  /** What a job that used up its time or its memory rejects with. */
  onExhausted(cause: unknown): Error;
}

/** Deadlines that a job gets by the clock, where other processes have had the processor. */
const MAX_ROUNDS = 10;

/** Starts a thread with the first job, and another after one that had to be ended. */
export function createWorkerClient<Job, Result>(options: WorkerClientOptions): WorkerClient<Job, Result> {
  const turns = createSemaphore(1);
  let thread: Thread<Job, Result> | undefined;
  let closed = false;

  async function work(job: Job, transfer?: readonly ArrayBuffer[]): Promise<Result> {
    if (closed) throw shuttingDown();
    if (thread === undefined || thread.ended) thread = startThread(options.entry, options.memory);
    const current = thread;
    try {
      await current.ready;
      const before = current.processorTime();
      const answer = current.ask(job, transfer);
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const first = await withTimeout(answer, options.deadline);
        if (first !== 'timeout') return first.result;
        if ((await usedSince(before, current, options.deadline)) >= options.deadline) break;
      }
      throw options.onExhausted('deadline');
    } catch (error) {
      await current.end();
      if (closed) throw shuttingDown();
      throw isOutOfMemory(error) ? options.onExhausted(error) : error;
    }
  }

  return {
    async run(job, signal, transfer) {
      const result = turns.run(signal, async () => await work(job, transfer));
      // A job that nobody waits for any more goes on until its deadline: a new thread costs more than what is left.
      return await abortable(result, signal);
    },
    async close() {
      closed = true;
      await thread?.end();
    },
  };
}

/** Returns the milliseconds of processor time that a thread has used since; Infinity where this Node cannot say. */
async function usedSince(
  before: Promise<number | undefined>,
  thread: Thread<unknown, unknown>,
  patience: number,
): Promise<number> {
  const now = await withTimeout(thread.processorTime(), patience);
  // A thread that cannot even answer does not get the processor at all.
  if (now === 'timeout') return 0;
  const start = await before;
  return now === undefined || start === undefined ? Infinity : now - start;
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
}
