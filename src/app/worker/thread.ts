import type { JobResult } from './serve-jobs.ts';
import { startWorker } from './start-worker.ts';

/** A worker thread that does one job at a time. */
export interface WorkerThread<Job, Result> {
  /** Settles once the thread has loaded its modules. */
  readonly ready: Promise<unknown>;
  /** True if it takes no more jobs. */
  readonly hasEnded: boolean;
  /** Runs a job; rejects if the thread ends first. Transferred buffers are gone from this thread. */
  run(job: Job, transfer?: readonly ArrayBuffer[]): Promise<JobResult<Result>>;
  /**
   * Resolves to the milliseconds of processor time used so far, even during a job; to undefined if this version of Node
   * cannot tell, or the thread has ended.
   */
  processorTimeMs(): Promise<number | undefined>;
  /** Ends the thread, even in the middle of a regular expression. */
  end(): Promise<void>;
}

/** Starts a thread, which keeps the process alive only while it runs a job. */
export function startThread<Job, Result>(entry: URL, heapMegabytes: number): WorkerThread<Job, Result> {
  const worker = startWorker(entry, heapMegabytes);
  const started = Promise.withResolvers<unknown>();
  let awaited = started;
  let hasEnded = false;
  function finish(error: unknown): void {
    hasEnded = true;
    awaited.reject(error);
  }
  worker.on('message', (message: unknown) => {
    worker.unref();
    awaited.resolve(message);
  });
  worker.on('error', finish);
  worker.on('exit', (code) => finish(new Error(`a worker thread ended with code ${code}`)));
  // The caller may give up before the thread has started.
  started.promise.catch(() => {});

  return {
    ready: started.promise,
    get hasEnded() {
      return hasEnded;
    },
    async run(job, transfer = []) {
      awaited = Promise.withResolvers();
      worker.ref();
      worker.postMessage(job, transfer);
      return (await awaited.promise) as JobResult<Result>;
    },
    async processorTimeMs() {
      // Available since Node 24.6 and 22.19.
      if (!('cpuUsage' in worker)) return undefined;
      const usage = await worker.cpuUsage().catch(() => undefined);
      return usage && (usage.user + usage.system) / 1000;
    },
    async end() {
      hasEnded = true;
      await worker.terminate();
    },
  };
}
