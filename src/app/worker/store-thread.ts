import { GatewayError } from '../../base/errors.ts';
import type { Store } from '../../conversation/ports/store.ts';
import type { StoresOptions } from '../../store/open-stores.ts';
import { becomeOwner } from '../../store/database/owner.ts';
import { sendParts } from '../../store/pieces.ts';
import { createRemoteStore } from '../../store/thread/remote-store.ts';
import type { StoreJob } from '../../store/thread/store-job.ts';
import { entryUrl } from './entry-url.ts';
import { SilentThreadError, startLastingThread } from './lasting-thread.ts';

/** The stores of a file, whose database works in a thread of its own. */
export interface StoreThread {
  /** Resolves to the store of a token; `forRun` is for one that ends with this process. Rejects where it cannot be opened. */
  open(token: string, forRun: boolean): Promise<Store>;
  /** Drops everything that was stored with a token. */
  forget(token: string): Promise<void>;
  close(): Promise<void>;
}

export interface StoreThreadOptions extends Pick<
  StoresOptions,
  'path' | 'bounds' | 'patience' | 'maxPages' | 'spareBytes'
> {
  /** Megabytes of heap. */
  readonly memory?: number;
  /** Milliseconds for one call. */
  readonly deadline?: number;
}

const MEMORY = 1024;

/** Long enough for every wait within the thread: only a file system that does not answer takes longer. */
const DEADLINE = 60_000;

/** Starts the thread. Rejects with a `StartupError`. */
export async function startStoreThread(options: StoreThreadOptions): Promise<StoreThread> {
  const { memory = MEMORY, deadline = DEADLINE, ...stores } = options;
  // It outlives the thread: what this process works on goes on when that ends.
  const { owner, letGo } = becomeOwner();
  const thread = startLastingThread(
    { entry: entryUrl('store-worker'), data: { ...stores, owner }, memory, sendParts },
    deadline,
  );
  async function call({ lists, ...job }: StoreJob): Promise<unknown> {
    return await thread.call(job, lists).catch((error: unknown) => {
      throw callerError(error);
    });
  }
  async function close(): Promise<void> {
    await thread.close();
    letGo();
  }

  try {
    await thread.ready;
  } catch (error) {
    await close();
    throw error;
  }
  const about = (token: string, forRun: boolean) => ({ token, forRun, args: [], lists: [] });
  return {
    async open(token, forRun) {
      await call({ ...about(token, forRun), method: 'open' });
      return createRemoteStore((job) => call({ token, forRun, ...job }));
    },
    forget: async (token) => void (await call({ ...about(token, true), method: 'forget' })),
    close,
  };
}

function callerError(cause: unknown): GatewayError {
  if (cause instanceof GatewayError) return cause;
  if (cause instanceof SilentThreadError) {
    const message = "The disk of the gateway's database does not answer; try again, or send store: false.";
    return new GatewayError('storage_busy', message, { cause, retryAfter: 30 });
  }
  const message =
    'The gateway could not use its database of stored responses; try again, or send store: false.';
  return new GatewayError('storage_failed', message, { cause });
}
