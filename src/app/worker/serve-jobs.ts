import { parentPort } from 'node:worker_threads';

/** The answer of a thread to a job. */
export interface JobResult<Result> {
  readonly result: Result;
}

/** Makes the current thread run jobs. An error in a job ends the thread. */
export function serveJobs<Job, Result>(run: (job: Job) => Result): void {
  if (parentPort === null) throw new Error('only a worker thread serves jobs');
  const port = parentPort;
  port.on('message', (job: Job) => port.postMessage({ result: run(job) } satisfies JobResult<Result>));
  port.postMessage('ready');
}
