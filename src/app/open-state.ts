import { join } from 'node:path';
import { shuttingDown } from '../base/errors.ts';
import type { Sealing } from '../conversation/sealing.ts';
import type { Store } from '../conversation/store.ts';
import {
  createBackgroundResponses,
  type BackgroundResponses,
} from '../http/responses/background-responses.ts';
import { IN_MEMORY } from '../store/open-database.ts';
import { openStores, type Stores } from '../store/open-stores.ts';
import type { Settings } from './config.ts';
import { makePrivateFolder } from './make-private-folder.ts';
import { createSealing, openSealing } from './sealing.ts';

/** What outlives a request. */
export interface State {
  /** Of whoever has the token; undefined where nothing is kept. */
  readonly store: Store | undefined;
  readonly background: BackgroundResponses;
  readonly sealing: Sealing;
  /** Ends what runs in the background, and what is kept of a token that nobody can have again. */
  close(): Promise<void>;
}

export interface StateOptions {
  readonly settings: Settings;
  readonly token: string;
  /** Leaves nothing on disk. */
  readonly demo: boolean;
}

/** Opens the state folder. Rejects with a `StartupError`. */
export async function openState({ settings, token, demo }: StateOptions): Promise<State> {
  const { stateDirectory } = settings;
  if (!demo) await makePrivateFolder(stateDirectory);
  const sealing = await (demo ? createSealing() : openSealing(stateDirectory));
  const stores = await openStoresIn(demo ? undefined : stateDirectory, settings);
  const store = stores?.forToken(token);
  const background = createBackgroundResponses(store);
  return {
    store,
    background,
    sealing,
    async close() {
      await background.stop(shuttingDown());
      // One that was made for this run is never sent again.
      if (settings.token === undefined) stores?.forget(token);
      stores?.close();
    },
  };
}

async function openStoresIn(
  folder: string | undefined,
  { store: bounds }: Settings,
): Promise<Stores | undefined> {
  if (bounds === false) return undefined;
  return await openStores({ path: folder === undefined ? IN_MEMORY : join(folder, 'store.sqlite'), bounds });
}
