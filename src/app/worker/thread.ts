import { Worker } from 'node:worker_threads';
import type { Answer } from './serve-jobs.ts';

/** A worker thread that does one job at a time. */
export interface Thread<Job, Result> {
  /** Settles once it has loaded what it needs. */
  readonly ready: Promise<unknown>;
  /** Whether it takes no more jobs. */
  readonly ended: boolean;
  /** Rejects when the thread ends first. What is transferred is gone from this thread. */
  ask(job: Job, transfer?: readonly ArrayBuffer[]): Promise<Answer<Result>>;
  /**
   * Resolves to the processor time that it has used so far, in milliseconds, even in the middle of a job; to undefined
   * where this Node cannot say, or the thread has ended.
   */
  processorTime(): Promise<number | undefined>;
  /** Ends it, even in the middle of a regular expression. */
  end(): Promise<void>;
}

/**
 * `memory` is in megabytes of heap. The thread sees nothing of the environment and of Node's options, and keeps the
 * process alive only while it is asked.
 */
export function startThread<Job, Result>(entry: URL, memory: number): Thread<Job, Result> {
  const worker = new Worker(entry, {
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: memory },
  });
  const started = Promise.withResolvers<unknown>();
  let awaited = started;
  let ended = false;
  function finish(error: unknown): void {
    ended = true;
    awaited.reject(error);
  }
  worker.on('message', (message: unknown) => {
    worker.unref();
    awaited.resolve(message);
  });
  worker.on('error', finish);
  worker.on('exit', (code) => finish(new Error(`a worker thread ended with code ${code}`)));
  // Whoever starts a thread may go before it is there.
  started.promise.catch(() => {});

  return {
    ready: started.promise,
    get ended() {
      return ended;
    },
    async ask(job, transfer = []) {
      awaited = Promise.withResolvers();
      worker.ref();
      worker.postMessage(job, transfer);
      return (await awaited.promise) as Answer<Result>;
    },
    async processorTime() {
      // Node 24.6 and 22.19 have it.
      if (!('cpuUsage' in worker)) return undefined;
      const usage = await worker.cpuUsage().catch(() => undefined);
      return usage && (usage.user + usage.system) / 1000;
    },
    async end() {
      ended = true;
      await worker.terminate();
    },
  };
}
