import { readFileSync, rmSync } from 'node:fs';
import { NEVER_ABORTED } from '../../src/base/async/abort.ts';
import { createPrivateHome } from '../../src/codex/home/private-home.ts';
import { findBinary } from '../../src/codex/process/binary.ts';
import { readCatalog, type CatalogEntry } from '../../src/codex/runtime/catalog.ts';
import type { CatalogSource } from '../../src/codex/runtime/instance-options.ts';
import { keepInCache } from './keep-in-cache.ts';
import { createFolder } from './temporary-folder.ts';

let read: Promise<CatalogSource> | undefined;

/** Returns the catalog that Codex carries; it outlives a run. Codex prints it anew for each gateway that asks. */
export async function keptCatalog(): Promise<CatalogSource> {
  return await (read ??= readKept());
}

async function readKept(): Promise<CatalogSource> {
  const path = await keepInCache({ name: 'catalog', extension: '.json', sources: [] }, askCodex);
  const entries = JSON.parse(readFileSync(path, 'utf8')) as CatalogEntry[];
  return { entries: () => entries };
}

async function askCodex(): Promise<string> {
  const folder = createFolder();
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  const { path } = await findBinary(undefined, { ...environment, CODEX_HOME: folder });
  const config = () => ({
    model_provider: 'none',
    model_providers: { none: { name: 'none', base_url: 'http://127.0.0.1:9/v1' } },
  });
  const home = await createPrivateHome({ stateDirectory: folder, userHome: undefined, config });
  try {
    const { entries } = await readCatalog({ binary: path, environment, home, signal: NEVER_ABORTED });
    return JSON.stringify(entries);
  } finally {
    await home.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}
