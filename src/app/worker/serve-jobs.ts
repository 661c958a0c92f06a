import { parentPort } from 'node:worker_threads';

/** What a thread sends back for a job. */
export interface Answer<Result> {
  readonly result: Result;
}

/** Makes the thread that runs this one that does jobs. What a job throws ends the thread. */
export function serveJobs<Job, Result>(run: (job: Job) => Result): void {
  if (parentPort === null) throw new Error('only a worker thread serves jobs');
  const port = parentPort;
  port.on('message', (job: Job) => port.postMessage({ result: run(job) } satisfies Answer<Result>));
  port.postMessage('ready');
}
