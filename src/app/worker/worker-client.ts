import { abortable } from '../../base/async/abort.ts';
import { shuttingDown } from '../../base/errors.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { createSemaphore } from '../../base/async/semaphore.ts';
import { startThread, type WorkerThread } from './thread.ts';

/** Runs jobs in a thread, which can be ended in the middle of a job. */
export interface WorkerClient<Job, Result> {
  /**
   * Runs a job after the earlier ones. Rejects with the error of `onExhausted`, with the error that ended the thread, or
   * with the signal's reason.
   */
  run(job: Job, signal: AbortSignal, transfer?: readonly ArrayBuffer[]): Promise<Result>;
  /** Ends the thread; unfinished jobs reject. */
  close(): Promise<void>;
}

export interface WorkerClientOptions {
  /** The module that calls `serveJobs`. */
  readonly entry: URL;
  /**
   * Maximum milliseconds for one job, not counting the start of the thread. On a busy machine this is processor time, and
   * up to ten times as long by the clock.
   */
  readonly timeoutMs: number;
  readonly heapMegabytes: number;
  /** Milliseconds without a job after which the thread is ended, which gives its memory back. */
  readonly idleMs?: number;
  /** Returns the error for a job that used up its time or its memory. */
  onExhausted(cause: unknown): Error;
}

/** Milliseconds without a job; a thread takes some tenths of a second to start. */
const IDLE_MS = 30_000;

/** Maximum duration of a job by the clock, in timeouts, if other processes keep the processor busy. */
const MAX_ROUNDS = 10;

/** Creates a client that starts its thread with the first job, and a new one after a thread that had to be ended. */
export function createWorkerClient<Job, Result>(options: WorkerClientOptions): WorkerClient<Job, Result> {
  const { entry, heapMegabytes, timeoutMs, idleMs = IDLE_MS } = options;
  const turns = createSemaphore(1);
  let thread: WorkerThread<Job, Result> | undefined;
  let closed = false;
  let idle: NodeJS.Timeout | undefined;

  function waitForEnd(): void {
    if (!closed) idle = setTimeout(endIdle, idleMs).unref();
  }

  function endIdle(): void {
    void thread?.end();
    thread = undefined;
  }

  async function work(job: Job, transfer?: readonly ArrayBuffer[]): Promise<Result> {
    if (closed) throw shuttingDown();
    clearTimeout(idle);
    if (thread === undefined || thread.hasEnded) thread = startThread(entry, heapMegabytes);
    const current = thread;
    try {
      await current.ready;
      const before = current.processorTimeMs();
      const answer = current.run(job, transfer);
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const first = await withTimeout(answer, timeoutMs);
        if (first !== 'timeout') return first.result;
        if ((await usedSince(before, current, timeoutMs)) >= timeoutMs) break;
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
      const result = turns.run(signal, async () => await work(job, transfer).finally(waitForEnd));
      // An abandoned job goes on until its timeout: a new thread would cost more.
      return await abortable(result, signal);
    },
    async close() {
      closed = true;
      clearTimeout(idle);
      await thread?.end();
    },
  };
}

/** Returns the milliseconds of processor time used since `before`; Infinity if this version of Node cannot tell. */
async function usedSince(
  before: Promise<number | undefined>,
  thread: WorkerThread<unknown, unknown>,
  timeoutMs: number,
): Promise<number> {
  const now = await withTimeout(thread.processorTimeMs(), timeoutMs);
  // A thread that cannot even answer this does not get the processor.
  if (now === 'timeout') return 0;
  const start = await before;
  return now === undefined || start === undefined ? Infinity : now - start;
}

function isOutOfMemory(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY';
}
