import { stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Settings } from '../config.ts';
import type { Look } from './as-finding.ts';

/** Files with secrets, or with what was asked and answered. */
const PRIVATE = ['', 'token', 'store.sqlite', 'sealing.key'];

/** Bytes of free space below which stored responses may soon fail. */
const LITTLE = 200 * 1024 * 1024;

/** Checks that nobody else on this machine can read private files. */
export async function checkFiles({ stateDirectory, configPath }: Settings, loginPath: string): Promise<Look> {
  const paths = [...PRIVATE.map((name) => join(stateDirectory, name)), configPath, loginPath];
  const open = await Promise.all(paths.map(isOpen));
  const wrong = paths.filter((_, index) => open[index]);
  if (wrong.length === 0) return 'only their owner can read the private files';
  return { note: `others on this machine can read or change ${wrong.join(', ')}; run chmod go-rwx on it` };
}

async function isOpen(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.mode & 0o077) !== 0;
}

/** Checks how much free space the state folder has. */
export async function checkDisk({ stateDirectory }: Settings): Promise<Look> {
  const { bavail, bsize } = await statfs(await nearestFolder(stateDirectory));
  const free = bavail * bsize;
  const text = `${formatSize(free)} free for ${stateDirectory}`;
  return free < LITTLE ? { note: `only ${text}; free some` } : text;
}

/** Returns a path, or the closest one above it that exists: a gateway that never started has no state folder. */
async function nearestFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  const parent = dirname(path);
  return found || parent === path ? path : await nearestFolder(parent);
}

function formatSize(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3;
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.round(bytes / 1024 ** 2)} MB`;
}
