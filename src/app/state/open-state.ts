import { join } from 'node:path';
import { messageOf, shuttingDown, StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import type { Sealing } from '../../conversation/ports/sealing.ts';
import type { Store } from '../../conversation/ports/store.ts';
import {
  createBackgroundResponses,
  type BackgroundResponses,
} from '../../http/openai/responses/background-responses.ts';
import { createIdempotencyKeys, type IdempotencyKeys } from '../../gateway/state/idempotency-keys.ts';
import { createUnsavedResponses } from '../../gateway/state/unsaved-responses.ts';
import { IN_MEMORY } from '../../store/database/open-database.ts';
import type { Settings } from '../config/config.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import { createSealing, openSealing } from './sealing.ts';
import { createUsageLedger, usageFolder, type UsageLedger } from './usage-ledger.ts';
import { startStoreThread, type StoreThread } from '../worker/store-thread.ts';

/** State that outlives a request. */
export interface GatewayState {
  /** The store of the token's owner; undefined if nothing is stored. */
  readonly store: Store | undefined;
  readonly background: BackgroundResponses;
  readonly keys: IdempotencyKeys;
  readonly sealing: Sealing;
  readonly ledger: UsageLedger;
  /** Resolves to false if nothing could be stored now. */
  isWritable(): Promise<boolean>;
  /** Ends the responses in the background, and deletes what was stored with an ephemeral token. */
  close(): Promise<void>;
}

export interface StateOptions {
  readonly settings: Settings;
  readonly observer: Observer;
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
  const store = await openStore(stores, token, isEphemeral);
  const ledger = createUsageLedger(demo || !settings.store ? undefined : usageFolder(stateDirectory));
  const keys = createIdempotencyKeys();
  const unsaved = store && createUnsavedResponses(store);
  const background = createBackgroundResponses(unsaved, keys);
  return {
    store: unsaved?.store,
    background,
    keys,
    sealing,
    ledger,
    async isWritable() {
      return (await store?.checkWritable().then(
        () => true,
        () => false,
      )) ?? true;
    },
    async close() {
      await ledger.close();
      await background.stop(shuttingDown());
      await unsaved?.saveAll();
      // If this fails, the next start does it.
      if (isEphemeral) await stores?.forget(token).catch(() => {});
      await stores?.close();
    },
  };
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
