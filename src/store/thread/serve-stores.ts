import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Store } from '../../conversation/ports/store.ts';
import { IN_MEMORY, PATIENCE } from '../database/open-database.ts';
import { openStores, type StoresOptions } from '../open-stores.ts';
import { createRetryWhileLocked } from '../database/retry-while-locked.ts';
import { runJob } from './run-job.ts';
import { isWrite, type StoreJob } from './store-job.ts';

/** The stores of a file, for jobs that come from another thread. */
export interface ServedStores {
  /** Rejects with an error for the caller. */
  run(job: StoreJob): Promise<unknown>;
  /** Ends what was begun, then closes the file. */
  close(): Promise<void>;
}

interface Opened {
  readonly store: Store;
  readonly forRun: boolean;
}

/** Rejects with a `StartupError`. */
export async function openServedStores(options: StoresOptions): Promise<ServedStores> {
  const { path, patience = PATIENCE } = options;
  // Waiting within SQLite would hold up those who only read.
  const open = async () => await openStores({ ...options, patience: 0 });
  let stores = await open();
  let file = fileAt(path);
  const opened = new Map<string, Opened>();
  const retryWrites = createRetryWhileLocked(patience);
  let renewing: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** A file that was moved away or deleted is given up: what would be written into it could never be found again. */
  async function renew(): Promise<void> {
    const before = stores;
    // Its folder may be gone as well.
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    stores = await open();
    file = fileAt(path);
    for (const [token, { forRun }] of opened) opened.set(token, openStore(token, forRun));
    before.close();
  }

  function openStore(token: string, forRun: boolean): Opened {
    return { store: forRun ? stores.forRun(token) : stores.forToken(token), forRun };
  }

  async function work(job: StoreJob): Promise<unknown> {
    const { token, method } = job;
    if (path !== IN_MEMORY && fileAt(path) !== file) {
      renewing ??= renew().finally(() => (renewing = undefined));
      await renewing;
    }
    if (method === 'forget') {
      opened.delete(token);
      return stores.forget(token);
    }
    const found = opened.get(token) ?? openStore(token, job.forRun);
    opened.set(token, found);
    return method === 'open' ? undefined : await runJob(found.store, method, job);
  }

  return {
    async run(job) {
      const handedIn = performance.now();
      // Each job changes all that it changes in one transaction, so that it can be tried again.
      const tryIt = async () => await work(job);
      // Reads wait for nobody else, and those that succeed say nothing of the lock that writes wait for.
      if (!isWrite(job.method)) return await createRetryWhileLocked(patience)(handedIn, tryIt);
      const result = last.then(async () => await retryWrites(handedIn, tryIt));
      last = result.catch(() => {});
      return await result;
    },
    async close() {
      await last;
      stores.close();
    },
  };
}

/** Returns what tells a file from another of its name; undefined where there is none. */
function fileAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
