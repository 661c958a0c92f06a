import { link, open, readFile, rename, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createId } from '../../base/ids.ts';
import { identifyProcess, isStillRunning, type ProcessIdentity } from './process-identity.ts';

/** The process that a pid file names. */
export interface PidHolder extends ProcessIdentity {
  readonly isRunning: boolean;
}

/** The pid file of this process. */
export interface PidClaim {
  /** Removes the file, unless it is already that of another process. */
  release(): Promise<void>;
}

/** Returns the process that a pid file names; undefined if there is no such file, or nonsense in it. */
export async function readPidFile(path: string): Promise<PidHolder | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [first = '', start = ''] = text.split('\n');
  if (!/^[1-9]\d*$/.test(first)) return undefined;
  const holder = { pid: Number(first), start };
  return { ...holder, isRunning: isStillRunning(holder) };
}

/**
 * Writes the id of this process into a pid file, with the time of its start in the second line. Resolves to the process
 * that holds the file if it runs; the file of a dead one is replaced.
 */
export async function claimPidFile(path: string, pid: number): Promise<PidClaim | PidHolder> {
  const own = identifyProcess(pid);
  const draft = `${path}.${createId('')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${own.pid}\n${own.start}\n`);
    await file.close();
    const holder = await withLock(`${path}.lock`, draft, async () => await replaceDead(path, draft));
    return holder ?? { release: () => removeUnchanged(path, own) };
  } finally {
    await rm(draft, { force: true });
  }
}

/** Puts the draft in place of a dead process's file; resolves to the process that holds the file if it runs. */
async function replaceDead(path: string, draft: string): Promise<PidHolder | undefined> {
  for (;;) {
    const holder = await readPidFile(path);
    if (holder?.isRunning) return holder;
    await rm(path, { force: true });
    if (await linkFile(draft, path)) return undefined;
  }
}

/** Milliseconds between looks at a lock that another process has. */
const LOCK_INTERVAL_MS = 10;

/** Number of looks after which a lock counts as forgotten: it is held for a few milliseconds. */
const LOCK_LOOKS = 500;

/** Runs work while no other process runs work under the same lock, which is a pid file like the draft. */
async function withLock<Value>(lock: string, draft: string, work: () => Promise<Value>): Promise<Value> {
  for (let looks = 0; !(await linkFile(draft, lock)); looks += 1) {
    const holder = await readPidFile(lock);
    // One that cannot be read was most likely released just now.
    const isHeld = holder === undefined || holder.isRunning;
    if (isHeld && looks < LOCK_LOOKS) await sleep(LOCK_INTERVAL_MS);
    else await removeUnchanged(lock, holder);
  }
  try {
    return await work();
  } finally {
    await rm(lock, { force: true });
  }
}

/** Removes the file of a process. If another process has replaced the file in the meantime, it is put back. */
async function removeUnchanged(path: string, holder: ProcessIdentity | undefined): Promise<void> {
  const aside = `${path}.${createId('')}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readPidFile(aside);
  const isOther = moved !== undefined && (moved.pid !== holder?.pid || moved.start !== holder.start);
  if (isOther && moved.isRunning) await linkFile(aside, path);
  await rm(aside, { force: true });
}

/** Gives a file another name, unless that one is taken. */
async function linkFile(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
