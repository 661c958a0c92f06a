import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NEVER_ABORTED } from '../../src/base/async/abort.ts';
import { findBinary, type Binary } from '../../src/codex/process/binary.ts';
import type { InstanceOptions } from '../../src/codex/runtime/instance-options.ts';
import { findDatabases, makeDatabases } from '../../src/codex/runtime/make-databases.ts';
import { keepVersion } from '../../src/codex/runtime/kept-version.ts';
import { ignoreRows } from '../../src/store/database/ignore-rows.ts';
import { createMemoryLog } from './memory-log.ts';
import { createFolder } from './temporary-folder.ts';

/** Folder for empty databases of Codex, by version; it outlives a run. */
const KEPT = fileURLToPath(new URL('../../node_modules/.cache/codex', import.meta.url));

interface Kept {
  readonly binary: Binary;
  /** Folder of the databases. */
  readonly path: string;
}

let made: Promise<Kept> | undefined;

/**
 * Lets a gateway start as on a machine where one has run before: making its databases anew is half of the work of a Codex that
 * starts, and its version is known.
 */
export async function useKeptDatabases(stateDirectory: string): Promise<void> {
  const { path, binary } = await (made ??= make());
  const cache = join(stateDirectory, 'cache');
  const folder = join(cache, 'databases');
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  symlinkSync(path, join(folder, basename(path)));
  await keepVersion(join(cache, 'version.json'), binary.path, async () => binary.version);
}

/** Lets a Codex of a user start as one that has run before. */
export async function copyKeptDatabases(codexHome: string): Promise<void> {
  const { path: kept } = await (made ??= make());
  mkdirSync(codexHome, { recursive: true });
  // Those of an earlier run have sessions in them.
  if (readdirSync(codexHome).some((name) => name.endsWith('.sqlite'))) return;
  cpSync(kept, codexHome, { recursive: true });
}

/** Makes the databases unless an earlier run has done so. */
async function make(): Promise<Kept> {
  const folder = createFolder();
  // Several processes of a run may do this at the same time.
  const draft = join(KEPT, String(process.pid));
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  const provider = { id: 'none', config: { name: 'none', base_url: 'http://127.0.0.1:9/v1' } };
  const options: InstanceOptions = {
    binary: await findBinary(undefined, { ...environment, CODEX_HOME: folder }),
    provider,
    userHome: undefined,
    systemFolder: join(folder, 'etc'),
    stateDirectory: folder,
    cacheDirectory: draft,
    makesDatabases: true,
    environment,
    catalog: undefined,
    clientVersion: '0',
    ignoreRows,
    observer: createMemoryLog(),
  };
  const path = (await findDatabases(options))!;
  const kept = join(KEPT, basename(path));
  try {
    if (existsSync(kept)) return { path: kept, binary: options.binary };
    await makeDatabases(path, options, () => ({}), NEVER_ABORTED);
    renameSync(path, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
  } finally {
    for (const used of [folder, draft]) rmSync(used, { recursive: true, force: true });
  }
  return { path: kept, binary: options.binary };
}
