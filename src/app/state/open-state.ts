import { join } from 'node:path';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { messageOf, shuttingDown, StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import type { Store } from '../../conversation/ports/store.ts';
import { IN_MEMORY } from '../../store/database/open-database.ts';
import type { Settings } from '../config/config.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import { createCallerStates, type CallerStates } from './caller-states.ts';
import { createSealing, openSealing } from './sealing.ts';
import { createUsageLedger, usageFolder, type UsageLedger } from './usage-ledger.ts';
import { startStoreThread, type StoreThread } from '../worker/store-thread.ts';

/** State that outlives a request. */
export interface GatewayState {
  readonly callers: Pick<CallerStates, 'of' | 'running' | 'stop'>;
  readonly ledger: UsageLedger;
  /** Resolves to false if nothing could be stored now. */
  isWritable(): Promise<boolean>;
  /** Ends the responses in the background, and deletes what was stored with an ephemeral token. */
  close(): Promise<void>;
}

export interface StateOptions {
  readonly settings: Settings;
  readonly observer: Observer;
  /** The main caller's token. */
  readonly token: string;
  /** True for a token that ends with this process. */
  readonly isEphemeral: boolean;
  /** Keeps everything in memory. */
  readonly demo: boolean;
}

/** Opens the state folder. Rejects with a `StartupError`. */
export async function openState(options: StateOptions): Promise<GatewayState> {
  const { settings, observer, token, isEphemeral, demo } = options;
  const { stateDirectory } = settings;
  if (!demo) await makePrivateFolder(stateDirectory);
  const sealing = await (demo ? createSealing() : openSealing(stateDirectory));
  const stores = await openStoresIn(demo ? undefined : stateDirectory, settings, observer);
  const mainStore = await openStore(stores, token, isEphemeral);
  const ledger = createUsageLedger(demo || !settings.store ? undefined : usageFolder(stateDirectory));
  const callers = createCallerStates({ mainStore, stores, sealing });
  return {
    callers,
    ledger,
    isWritable: async () => mainStore === undefined || (await takesWrites(mainStore)),
    async close() {
      await ledger.close();
      await callers.stop(shuttingDown());
      await callers.saveAll();
      // If this fails, the next start does it.
      if (isEphemeral) await stores?.forget(token).catch(() => {});
      await stores?.close();
    },
  };
}

/** Milliseconds for which another process may have the database locked; a write of a gateway takes a few. */
const LOCKED_MS = 1_000;

/** Resolves to true if a response could be stored now. */
async function takesWrites(store: Store): Promise<boolean> {
  try {
    await store.checkWritable();
    // Deleting what does not exist changes nothing, and needs the lock that every write needs.
    return (await withTimeout(store.deleteConversation('conv_none'), LOCKED_MS)) !== 'timeout';
  } catch {
    return false;
  }
}

async function openStore(
  stores: StoreThread | undefined,
  token: string,
  isEphemeral: boolean,
): Promise<Store | undefined> {
  try {
    return await stores?.open(token, isEphemeral);
  } catch (error) {
    await stores?.close();
    throw new StartupError(messageOf(error), { cause: error });
  }
}

async function openStoresIn(
  folder: string | undefined,
  { store: retention }: Settings,
  observer: Observer,
): Promise<StoreThread | undefined> {
  if (retention === false) return undefined;
  return await startStoreThread({
    path: folder === undefined ? IN_MEMORY : join(folder, 'store.sqlite'),
    retention,
    observer,
  });
}
