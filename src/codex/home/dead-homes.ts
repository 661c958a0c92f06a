import { lstat, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { isAlive } from '../../base/is-alive.ts';
import { parseProcessStat } from '../../base/process-stat.ts';
import { endLeftovers } from './end-leftovers.ts';

/** Time in which nothing was written after which another machine's home is removed; a gateway makes its home again. */
const STALE_MS = 30 * 24 * 60 * 60 * 1000;

/** Homes that this process has made. Another one with its id is left from an earlier process, as in a container. */
const own = new Set<string>();

/** Makes an empty home that is named after the machine and this process. */
export async function makeOwnHome(homes: string): Promise<string> {
  const prefix = `${hostname()}@${process.pid}@${await readLife(process.pid)}@`;
  // Codex refuses a home that is reached through a symbolic link.
  const path = await realpath(await mkdtemp(join(homes, prefix)));
  own.add(basename(path));
  return path;
}

/** Removes homes of dead processes, and ends what still runs in them. What cannot be removed stays and harms nobody. */
export async function removeDeadHomes(homes: string): Promise<void> {
  const folder = await realpath(homes);
  for (const name of await readdir(folder)) {
    const home = join(folder, name);
    if (!(await isDead(home, name))) continue;
    // A link leads to what no gateway has made.
    if ((await lstat(home).catch(() => undefined))?.isDirectory() === true) await endLeftovers(home);
    await rm(home, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}

/** Machine, process and, except from earlier versions, its life in the name of a home. */
const NAME = /^([^@]+)@([1-9]\d*)@(?:([^@]*)@)?[^@]+$/;

async function isDead(home: string, name: string): Promise<boolean> {
  const [, machine, id, life = ''] = NAME.exec(name) ?? [];
  if (machine === undefined) return false;
  if (machine !== hostname()) return await isStale(home);
  const pid = Number(id);
  if (pid === process.pid) return !own.has(name);
  if (!isAlive(pid)) return true;
  const current = await readLife(pid);
  return current === ENDED || (life !== '' && current !== '' && life !== current);
}

/** Resolves to true if nothing was written into a home for a long time. */
async function isStale(home: string): Promise<boolean> {
  const names = await readdir(home).catch(() => []);
  const paths = [home, ...names.map((name) => join(home, name))];
  const stats = await Promise.all(paths.map(async (path) => await lstat(path).catch(() => undefined)));
  return stats.every((found) => found !== undefined && found.mtimeMs < Date.now() - STALE_MS);
}

/** The life of a process that has ended and waits for its parent. */
const ENDED = 'ended';

/** Resolves to what tells a process from all others that had or will have its id; '' if the system does not say it. */
async function readLife(pid: number): Promise<string> {
  try {
    const { start, state } = parseProcessStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
    if (state === 'Z') return ENDED;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    return `${start}.${boot.slice(0, 8)}`;
  } catch {
    return '';
  }
}
