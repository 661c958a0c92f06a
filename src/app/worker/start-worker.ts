import { getCompileCacheDir } from 'node:module';
import { dirname, extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Returns the URL of an entry module in this folder, which is compiled if this one is. */
export function entryUrl(name: string): URL {
  return new URL(`./${name}${extname(import.meta.url)}`, import.meta.url);
}

/**
 * Starts a thread that sees neither the environment nor Node's options. Compiled code that this process keeps for later ones
 * is used by the thread as well.
 */
export function startWorker(entry: URL, heapMegabytes: number, data?: object): Worker {
  const cache = getCompileCacheDir();
  return new Worker(entry, {
    // Node appends a folder for its version to the one that it is given.
    env: cache === undefined ? {} : { NODE_COMPILE_CACHE: dirname(cache) },
    execArgv: [],
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
  });
}
