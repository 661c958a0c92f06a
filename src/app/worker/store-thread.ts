import { GatewayError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import type { SessionStore } from '../../conversation/ports/session-store.ts';
import type { Store } from '../../conversation/ports/store.ts';
import type { StoresOptions } from '../../store/open-stores.ts';
import { IN_MEMORY } from '../../store/database/open-database.ts';
import { registerOwner } from '../../store/database/owner.ts';
import { sendInParts } from '../../store/json-chunks.ts';
import { createRemoteSessions } from '../../store/thread/remote-sessions.ts';
import { createRemoteStore } from '../../store/thread/remote-store.ts';
import type { StoreJob } from '../../store/thread/store-job.ts';
import { isSessionMethod } from '../../store/thread/run-session-job.ts';
import { entryUrl } from './start-worker.ts';
import {
  SilentThreadError,
  startLastingThread,
  type IdleLimits,
  type LastingThread,
} from './lasting-thread.ts';

/** The stores of a file whose database works in its own thread. */
export interface StoreThread {
  /** Resolves to the store of a token; an ephemeral token ends with this process. Rejects if the store cannot be opened. */
  open(token: string, isEphemeral: boolean): Promise<Store>;
  /** Returns the store of a further caller, by a secret of theirs; it is opened with its first use. */
  storeOf(secret: string): Store;
  /** Returns the sessions of all callers, for a gateway with this main token; they are opened with their first use. */
  sessions(mainToken: string, isEphemeral: boolean): SessionStore;
  /** Returns the store of a token for calls that belong to no request, and are not observed. */
  unobserved(token: string, isEphemeral: boolean): Store;
  /** Deletes everything that was stored with a token. */
  forget(token: string): Promise<void>;
  close(): Promise<void>;
}

export interface StoreThreadOptions extends Pick<
  StoresOptions,
  'path' | 'retention' | 'lockTimeoutMs' | 'maxPages' | 'minFreeBytes'
> {
  readonly heapMegabytes?: number;
  readonly idle?: IdleLimits;
  /** Maximum milliseconds for one call. */
  readonly callTimeoutMs?: number;
  readonly observer: Observer;
}

const HEAP_MEGABYTES = 1024;

/** Longer than any wait inside the thread: only a file system that does not answer takes longer. */
const CALL_TIMEOUT_MS = 60_000;

/** Many gateways never store anything after the start, which opens the store. */
const IDLE_LIMITS: IdleLimits = { firstMs: 500, laterMs: 60_000 };

/** Milliseconds after which a call counts as slow; most take a few. */
const SLOW_CALL_MS = 1_000;

/** Starts the thread. Rejects with a `StartupError`. */
export async function startStoreThread(options: StoreThreadOptions): Promise<StoreThread> {
  const {
    heapMegabytes = HEAP_MEGABYTES,
    callTimeoutMs = CALL_TIMEOUT_MS,
    idle = IDLE_LIMITS,
    observer,
    ...stores
  } = options;
  // The owner outlives the thread: this process goes on with its responses if the thread ends.
  const { owner, release } = registerOwner();
  const thread = startLastingThread(
    { entry: entryUrl('store-worker'), data: { ...stores, owner }, heapMegabytes, sendParts: sendInParts },
    callTimeoutMs,
    // A database in memory would be lost.
    stores.path === IN_MEMORY ? undefined : idle,
  );
  const call = createObservedCall(thread, observer);
  async function close(): Promise<void> {
    await thread.close();
    release();
  }

  try {
    await thread.ready;
  } catch (error) {
    await close();
    throw error;
  }
  const remoteStore = (token: string, isEphemeral: boolean) =>
    createRemoteStore((job) => call({ token, isEphemeral, ...job }));
  const about = (token: string, isEphemeral: boolean) => ({ token, isEphemeral, args: [], lists: [] });
  return {
    async open(token, isEphemeral) {
      await call({ ...about(token, isEphemeral), method: 'open' });
      return remoteStore(token, isEphemeral);
    },
    storeOf: (secret) => remoteStore(secret, false),
    sessions: (token, isEphemeral) =>
      createRemoteSessions(async (job) => await call({ token, isEphemeral, ...job })),
    unobserved: (token, isEphemeral) =>
      createRemoteStore(
        async ({ lists, ...job }) => await thread.call({ token, isEphemeral, ...job }, lists),
      ),
    forget: async (token) => void (await call({ ...about(token, true), method: 'forget' })),
    close,
  };
}

/** Returns a function that has a job done in the thread, and reports how long it took and if it failed. */
function createObservedCall(thread: LastingThread, observer: Observer): (job: StoreJob) => Promise<unknown> {
  return async ({ lists, ...job }) => {
    const { method } = job;
    const startedAt = performance.now();
    try {
      return await thread.call(job, lists);
    } catch (error) {
      const failure = callerError(error, !isSessionMethod(method));
      observer.observe({ type: 'store-failed', method, code: failure.code });
      throw failure;
    } finally {
      const ms = Math.round(performance.now() - startedAt);
      observer.observe({ type: 'store-call', method, ms });
      if (ms >= SLOW_CALL_MS) observer.observe({ type: 'store-slow', method, ms });
    }
  };
}

/** @param isOptional True if the caller can do without the store. */
function callerError(cause: unknown, isOptional: boolean): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const orWithout = isOptional ? ', or send store: false' : '';
  if (cause instanceof SilentThreadError) {
    const message = `The disk of the gateway's database does not answer; try again${orWithout}.`;
    return new GatewayError('storage_busy', message, { cause, retryAfter: 30 });
  }
  const name = isOptional ? 'database of stored responses' : 'database';
  const message = `The gateway could not use its ${name}; try again${orWithout}.`;
  return new GatewayError('storage_failed', message, { cause });
}
