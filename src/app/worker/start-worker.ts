import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Returns the URL of an entry module in this folder, which is compiled if this one is. */
export function entryUrl(name: string): URL {
  return new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
}

/** Starts a thread that sees neither the environment nor Node's options. */
export function startWorker(entry: URL, heapMegabytes: number, data?: object): Worker {
  return new Worker(entry, {
    env: {},
    execArgv: [],
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
}
