import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SessionStore } from '../../conversation/ports/session-store.ts';
import type { Store } from '../../conversation/ports/store.ts';
import { IN_MEMORY, LOCK_TIMEOUT_MS } from '../database/open-database.ts';
import { openStores, type Stores, type StoresOptions } from '../open-stores.ts';
import { createRetryWhileLocked } from '../database/retry-while-locked.ts';
import { runJob } from './run-job.ts';
import { isSessionMethod, runSessionJob } from './run-session-job.ts';
import { isWrite, type StoreJob } from './store-job.ts';

/** The stores of a file, for jobs from another thread. */
export interface ServedStores {
  /** Rejects with an error for the caller. */
  run(job: StoreJob): Promise<unknown>;
  /** Waits for the jobs that have begun, then closes the file. */
  close(): Promise<void>;
}

interface Opened {
  readonly store: Store;
  /** Returns the sessions, which are opened with their first use. */
  sessions(): SessionStore;
  readonly isEphemeral: boolean;
}

/** Rejects with a `StartupError`. */
export async function openServedStores(options: StoresOptions): Promise<ServedStores> {
  const { path, lockTimeoutMs = LOCK_TIMEOUT_MS } = options;
  // Waiting inside SQLite would delay jobs that only read.
  async function open(): Promise<Stores> {
    // The folder may be gone, also when this thread is not the first one of the process.
    if (path !== IN_MEMORY) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return await openStores({ ...options, lockTimeoutMs: 0 });
  }
  let stores = await open();
  let file = identifyFile(path);
  const opened = new Map<string, Opened>();
  const retryWrites = createRetryWhileLocked(lockTimeoutMs);
  let reopening: Promise<void> | undefined;
  let last: Promise<unknown> = Promise.resolve();

  /** Opens a new file if this one was moved or deleted: nothing written into the old one could be found again. */
  async function reopen(): Promise<void> {
    const before = stores;
    stores = await open();
    file = identifyFile(path);
    for (const [token, { isEphemeral }] of opened) opened.set(token, openCaller(stores, token, isEphemeral));
    before.close();
  }

  async function work(job: StoreJob): Promise<unknown> {
    const { token, method } = job;
    if (path !== IN_MEMORY && identifyFile(path) !== file) {
      reopening ??= reopen().finally(() => (reopening = undefined));
      await reopening;
    }
    if (method === 'forget') {
      opened.delete(token);
      return stores.forget(token);
    }
    const found = opened.get(token) ?? openCaller(stores, token, job.isEphemeral);
    opened.set(token, found);
    return method === 'open' ? undefined : await runFor(found, method, job);
  }

  return {
    async run(job) {
      const submittedAt = performance.now();
      const isOptional = !isSessionMethod(job.method);
      // A job makes all its changes in one transaction, so it can be retried.
      const attempt = async () => await work(job);
      // Reads wait for no other job, and their success says nothing about the lock that writes wait for.
      if (!isWrite(job.method))
        return await createRetryWhileLocked(lockTimeoutMs)(submittedAt, attempt, isOptional);
      const result = last.then(async () => await retryWrites(submittedAt, attempt, isOptional));
      last = result.catch(() => {});
      return await result;
    },
    async close() {
      await last;
      stores.close();
    },
  };
}

function openCaller(stores: Stores, token: string, isEphemeral: boolean): Opened {
  let sessions: SessionStore | undefined;
  return {
    store: isEphemeral ? stores.forEphemeralToken(token) : stores.forToken(token),
    sessions: () => (sessions ??= stores.sessionsFor(token, isEphemeral)),
    isEphemeral,
  };
}

async function runFor(
  { store, sessions }: Opened,
  method: keyof Store | keyof SessionStore,
  job: StoreJob,
): Promise<unknown> {
  return isSessionMethod(method)
    ? await runSessionJob(sessions(), method, job)
    : await runJob(store, method, job);
}

/** Returns the identity of the file at a path; undefined if there is none. */
function identifyFile(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}
