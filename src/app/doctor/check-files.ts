import { stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { readConfigFile } from '../config/config-file.ts';
import type { Settings } from '../config/config.ts';
import { checkTrustedFiles } from '../files/trusted-files.ts';
import type { CheckResult } from './run-check.ts';

/** Files in the state folder with secrets or with prompts and answers; '' is the folder itself. */
const PRIVATE = ['', 'token', 'store.sqlite', 'sealing.key'];

/** Bytes of free space below which storing responses may soon fail. */
const LOW_SPACE_BYTES = 200 * 1024 * 1024;

/**
 * Checks that other users of this machine can neither read private files nor change those that the gateway trusts. Throws a
 * `StartupError` for files with which no gateway starts.
 * @param further Paths of further private files.
 */
export async function checkFiles(settings: Settings, further: readonly string[]): Promise<CheckResult> {
  const open = await findOpenFiles(settings, further);
  try {
    await checkTrustedFiles(settings);
  } catch (error) {
    if (!(error instanceof StartupError) || open === undefined) throw error;
    throw new StartupError(`${error.message} Also, ${open}`, { cause: error });
  }
  return open === undefined ? 'only their owner can read the private files' : { note: open };
}

/** Returns which files others can read or change and what to do; undefined if there are none. */
async function findOpenFiles(
  { stateDirectory, configPath }: Settings,
  further: readonly string[],
): Promise<string | undefined> {
  const secret = [...PRIVATE.map((name) => join(stateDirectory, name)), ...further];
  const found = await Promise.all([
    ...secret.map(async (path) => ({ path, access: await accessOfOthers(path) })),
    holdsToken(configPath).then(async (isSecret) => {
      const access = await accessOfOthers(configPath);
      return { path: configPath, access: access === 'read' && !isSecret ? undefined : access };
    }),
  ]);
  const open = found.filter(({ access }) => access !== undefined);
  if (open.length === 0) return undefined;
  const groups = Object.entries(Object.groupBy(open, ({ access }) => access!));
  const parts = groups.map(([access, files]) => `${access} ${files.map(({ path }) => path).join(', ')}`);
  const them = open.length === 1 ? 'it' : 'them';
  return `others on this machine can ${parts.join(', and ')}; run chmod go-rwx on ${them}`;
}

/**
 * Returns true if the config file contains a token; without one it may be readable by everyone. An invalid file is
 * reported by another check.
 */
async function holdsToken(configPath: string): Promise<boolean> {
  const config = await readConfigFile(configPath, false).catch(() => undefined);
  return config?.token !== undefined || config?.copilot.token !== undefined;
}

/** Returns the access of other users to a file or folder; undefined for none, or if it does not exist. */
async function accessOfOthers(path: string): Promise<'read' | 'change' | 'read and change' | undefined> {
  const { mode } = (await stat(path).catch(() => undefined)) ?? { mode: 0 };
  const canRead = (mode & 0o044) !== 0;
  const canChange = (mode & 0o022) !== 0;
  if (canRead && canChange) return 'read and change';
  return canRead ? 'read' : canChange ? 'change' : undefined;
}

/** Checks how much free space the state folder has. */
export async function checkDisk({ stateDirectory }: Settings): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(await nearestFolder(stateDirectory));
  const free = bavail * bsize;
  const text = `${formatSize(free)} free for ${stateDirectory}`;
  return free < LOW_SPACE_BYTES ? { note: `only ${text}; free some` } : text;
}

/** Returns the path or its closest existing parent: a gateway that never started has no state folder. */
async function nearestFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  const parent = dirname(path);
  return found || parent === path ? path : await nearestFolder(parent);
}

function formatSize(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3;
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`;
}
