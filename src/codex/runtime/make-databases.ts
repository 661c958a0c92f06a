import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { hasDatabases, keepDatabases } from '../home/kept-databases.ts';
import { createPrivateHome, type HomePaths, type PrivateHome } from '../home/private-home.ts';
import { quietLog } from '../home/quiet-log.ts';
import { stampFiles } from '../home/set-up-stamp.ts';
import { runBinary } from '../process/run-binary.ts';
import type { InstanceOptions } from './instance-options.ts';

/** Milliseconds until the app-server has made its databases and ended; it takes some tenths of a second. */
const TIMEOUT_MS = 30_000;

/** Returns the folder for the databases of a version of Codex; undefined if nothing is kept. */
export async function findDatabases({
  cacheDirectory,
  binary,
}: InstanceOptions): Promise<string | undefined> {
  if (cacheDirectory === undefined) return undefined;
  const stamp = JSON.stringify([binary, await stampFiles([binary.path])]);
  return join(cacheDirectory, 'databases', createHash('sha256').update(stamp).digest('hex').slice(0, 16));
}

/** Keeps empty databases for later starts, unless there are some. If that fails, a later start tries it again. */
export async function makeDatabases(
  kept: string | undefined,
  options: InstanceOptions,
  config: (home: HomePaths) => object,
  signal: AbortSignal,
): Promise<void> {
  if (kept === undefined || !options.makesDatabases || (await hasDatabases(kept))) return;
  const { binary, environment, stateDirectory, ignoreRows, observer } = options;
  let home: PrivateHome | undefined;
  try {
    home = await createPrivateHome({ stateDirectory, userHome: undefined, config });
    // Its input ends at once, so it stops as soon as it has started.
    const output = await runBinary(binary.path, ['app-server', '--strict-config'], {
      environment: { ...environment, CODEX_HOME: home.path },
      workingDirectory: home.workingDirectory,
      timeoutMs: TIMEOUT_MS,
      maxBytes: 1_000_000,
      signal,
    });
    if (output === undefined) return;
    let isQuiet = true;
    const watch = { ...observer, observe: () => void (isQuiet = false) };
    await quietLog(home.path, ignoreRows, watch);
    if (isQuiet && !signal.aborted) await keepDatabases(home.path, kept);
  } catch {
    // The next start makes them itself.
  } finally {
    // Someone may have put something in its place.
    await home?.remove().catch(() => {});
  }
}
