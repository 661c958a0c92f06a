import { join } from 'node:path';
import { messageOf, shuttingDown, StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { sumSizes } from '../../codex/home/sum-sizes.ts';
import type { SessionStore } from '../../conversation/ports/session-store.ts';
import type { Store } from '../../conversation/ports/store.ts';
import { IN_MEMORY } from '../../store/database/open-database.ts';
import type { Settings } from '../config/config.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import { createCallerStates, type CallerStates } from './caller-states.ts';
import { createSealing, openSealing } from './sealing.ts';
import { createStoreProbe } from './store-probe.ts';
import { createUsageLedger, usageFolder, type UsageLedger } from './usage-ledger.ts';
import { startStoreThread, type StoreThread } from '../worker/store-thread.ts';

/** State that outlives a request. */
export interface GatewayState {
  readonly callers: Pick<CallerStates, 'of' | 'running' | 'stop'>;
  readonly ledger: UsageLedger;
  /** Opens the sessions of all callers. Where nothing is stored, they are kept in memory, in a database of their own. */
  openSessionStore(): Promise<SessionStore>;
  /** Resolves to false if nothing could be stored now. */
  isWritable(): Promise<boolean>;
  /** Resolves to the bytes of the database on the disk, with the files that SQLite keeps beside it. */
  storeBytes(): Promise<number>;
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
  /** Returns false for the id of a token that was revoked. */
  isToken?(id: string): boolean;
  /** Keeps everything in memory. */
  readonly demo: boolean;
}

/** Opens the state folder. Rejects with a `StartupError`. */
export async function openState(options: StateOptions): Promise<GatewayState> {
  const { settings, observer, token, isEphemeral, demo, isToken = () => true } = options;
  const { stateDirectory } = settings;
  if (!demo) await makePrivateFolder(stateDirectory);
  const sealing = await (demo ? createSealing() : openSealing(stateDirectory));
  const stores = await openStoresIn(demo ? undefined : stateDirectory, settings, observer);
  const mainStore = await openStore(stores, token, isEphemeral);
  const hasFile = !demo && settings.store !== false;
  const sessions = createSessionsOpener(stores, observer);
  const ledger = createUsageLedger(demo || !settings.store ? undefined : usageFolder(stateDirectory));
  const callers = createCallerStates({ mainStore, stores, sealing, isToken });
  return {
    callers,
    ledger,
    openSessionStore: async () => (await sessions.open()).sessions(token, isEphemeral),
    isWritable: stores ? createStoreProbe(stores.unobserved(token, isEphemeral)) : async () => true,
    storeBytes: async () => (hasFile ? await sumSizes(stateDirectory, STORE_FILES) : 0),
    async close() {
      await ledger.close();
      await callers.stop(shuttingDown());
      await callers.saveAll();
      // If this fails, the next start does it.
      if (isEphemeral) await stores?.forget(token).catch(() => {});
      await sessions.close();
      await stores?.close();
    },
  };
}

/** Limits of the sessions in memory; the process rarely lives as long. */
const MEMORY_RETENTION = { days: 30, count: 1_000 };

/** Opens the stores for sessions: those that there are, or else, with their first use, some in memory. */
function createSessionsOpener(stores: StoreThread | undefined, observer: Observer) {
  let inMemory: Promise<StoreThread> | undefined;
  return {
    open: async () =>
      stores ??
      (await (inMemory ??= startStoreThread({ path: IN_MEMORY, retention: MEMORY_RETENTION, observer }))),
    async close() {
      const opened = await inMemory?.catch(() => undefined);
      await opened?.close();
    },
  };
}

/** Name of the database in the state folder. */
const STORE_FILE = 'store.sqlite';

/** Matches the database and the files that SQLite keeps beside it. */
const STORE_FILES = /^store\.sqlite(?:-\w+)?$/;

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
    path: folder === undefined ? IN_MEMORY : join(folder, STORE_FILE),
    retention,
    observer,
  });
}
