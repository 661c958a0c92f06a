import { join } from 'node:path';
import { createPrivateHome, type HomePaths } from '../home/private-home.ts';
import { variablesOf } from '../home/provider.ts';
import { stampFiles, stampSetUp } from '../home/set-up-stamp.ts';
import { readCatalog, type Catalog } from './catalog.ts';
import type { InstanceOptions } from './instance-options.ts';
import { openKeptCatalog, type KeptCatalog } from './kept-catalog.ts';

/** The catalog of an instance. */
export interface FoundCatalog extends Catalog {
  /** Reads a catalog again that was kept from an earlier start; resolves to true if another has taken its place. */
  catchUp(signal: AbortSignal): Promise<boolean>;
}

export interface FindCatalogOptions extends InstanceOptions {
  /** Returns the `config.toml`, as a value, of a home in which Codex lists its models. */
  config(home: HomePaths): object;
  /** Everything in that `config.toml` that is the same for each start. */
  readonly outline: object;
  /** True for a catalog that is read now, even if one was kept. */
  readonly isRefresh: boolean;
}

/** Finds the catalog that belongs to the login: the one that an earlier start has kept, or else Codex is asked. */
export async function findCatalog(options: FindCatalogOptions, signal: AbortSignal): Promise<FoundCatalog> {
  const { catalog, isRefresh } = options;
  if (catalog !== undefined) return { entries: catalog.entries(), isLive: true, catchUp: never };
  const file = await openFile(options);
  const kept = isRefresh ? undefined : await file?.find();
  if (kept === undefined) {
    const read = await askCodex(options, signal);
    await file?.keep(read);
    return { ...read, catchUp: never };
  }
  return {
    ...kept,
    async catchUp(ending) {
      const read = await askCodex(options, ending);
      // Without the network, Codex lists the models that it carries.
      if (kept.isLive && !read.isLive) return false;
      await file?.keep(read);
      return JSON.stringify([read.entries, read.isLive]) !== JSON.stringify([kept.entries, kept.isLive]);
    },
  };
}

async function never(): Promise<boolean> {
  return false;
}

async function openFile(options: FindCatalogOptions): Promise<KeptCatalog | undefined> {
  const { cacheDirectory, binary, provider, environment, outline } = options;
  if (cacheDirectory === undefined) return undefined;
  return openKeptCatalog(join(cacheDirectory, 'catalog.json'), [
    binary,
    await stampFiles([binary.path]),
    await stampSetUp(options),
    provider.id,
    variablesOf(provider).map((name) => environment[name]),
    outline,
  ]);
}

/** Asks Codex in a home without a catalog of the gateway's. */
async function askCodex(options: FindCatalogOptions, signal: AbortSignal): Promise<Catalog> {
  const { binary, environment, stateDirectory, userHome, config } = options;
  const home = await createPrivateHome({ stateDirectory, userHome, config });
  try {
    return await readCatalog({ binary: binary.path, environment, home, signal });
  } finally {
    await home.remove();
  }
}
