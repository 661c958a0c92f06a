import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createId } from '../base/ids.ts';
import type { PrivateFiles } from './token-folder.ts';
import { createLazyWrite } from './lazy-write.ts';
import { createRecentDays } from './recent-days.ts';
import { createSharedLook } from './shared-look.ts';

/** Counts the model's tokens of each caller on a day of UTC, across all gateways and restarts. */
export interface DayCounts {
  /** Reads what other gateways and earlier runs have counted, unless that was read a moment ago. */
  refresh(): Promise<void>;
  add(id: string, count: number): void;
  today(id: string): number;
  /** Returns the seconds until the next day. */
  secondsLeft(): number;
  close(): Promise<void>;
}

const countsSchema = z.record(z.string(), z.number());

type Counts = z.output<typeof countsSchema>;

/** The counts of a day. */
interface Day {
  /** By this gateway. */
  readonly own: Counts;
  /** By other gateways and earlier runs. */
  readonly others: Counts;
  /** True if `own` has changed since it was written. */
  isChanged: boolean;
}

const DAY_MS = 86_400_000;

/** Milliseconds between two writes, which a process that is killed may lose. */
const PAUSE_MS = 1_000;

/** Milliseconds after which the counts of other gateways are read again. */
const REREAD_MS = 5_000;

/**
 * @param folder Holds a file for each process and day, since several gateways may share it; undefined keeps nothing.
 * @param now Unix milliseconds.
 */
export function createDayCounts(
  folder: string | undefined,
  files: PrivateFiles,
  now: () => number = Date.now,
): DayCounts {
  const gateway = createId('');
  const days = createRecentDays<Day>(() => ({ own: {}, others: {}, isChanged: false }));
  let readAt = -Infinity;
  let readDay = '';

  const look = createSharedLook(async () => {
    const time = now();
    const name = dayOf(time);
    readAt = performance.now();
    readDay = name;
    const { others } = days.at(name);
    // Counts only grow: a file that is gone or damaged takes nothing away.
    for (const [id, count] of Object.entries(await readOthers(folder!, time, gateway)))
      others[id] = Math.max(others[id] ?? 0, count);
  });

  async function refresh(): Promise<void> {
    if (folder === undefined) return;
    const isFresh = readDay === dayOf(now()) && performance.now() - readAt < REREAD_MS;
    await (isFresh ? look.join() : look.run());
  }

  // Counts are worth less than an answer: those that cannot be written are lost with the process.
  const lazy = createLazyWrite(PAUSE_MS, async () => {
    for (const [name, day] of days.entries()) {
      if (!day.isChanged) continue;
      day.isChanged = false;
      const text = JSON.stringify(day.own);
      await files
        .makeFolder(folder!)
        .then(() => files.write(join(folder!, fileOf(name, gateway)), text, true))
        .catch(() => {});
    }
    await refresh();
  });

  return {
    refresh,
    add(id, count) {
      const day = days.at(dayOf(now()));
      day.own[id] = (day.own[id] ?? 0) + count;
      day.isChanged = true;
      if (folder !== undefined) lazy.touch();
    },
    today(id) {
      const { own, others } = days.at(dayOf(now()));
      return (own[id] ?? 0) + (others[id] ?? 0);
    },
    secondsLeft: () => Math.max(1, Math.ceil((DAY_MS - (now() % DAY_MS)) / 1000)),
    close: lazy.close,
  };
}

const PREFIX = 'day.';

function fileOf(day: string, gateway: string): string {
  return `${PREFIX}${day}.${gateway}.json`;
}

/** Adds up the counts of this day from other processes and earlier runs, and removes files of days that are long past. */
async function readOthers(folder: string, time: number, gateway: string): Promise<Counts> {
  const total: Counts = {};
  const today = `${PREFIX}${dayOf(time)}.`;
  const yesterday = `${PREFIX}${dayOf(time - DAY_MS)}.`;
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((file) => file.startsWith(PREFIX) && file.endsWith('.json'))) {
    const path = join(folder, name);
    if (name < yesterday) await removeOldCounts(path, time);
    if (!name.startsWith(today) || name === fileOf(dayOf(time), gateway)) continue;
    for (const [id, count] of Object.entries(await readCounts(path))) total[id] = (total[id] ?? 0) + count;
  }
  return total;
}

/** Removes a file that nobody has written for two days; the name alone may come from a clock that was wrong. */
export async function removeOldCounts(path: string, time: number): Promise<void> {
  try {
    const { mtimeMs } = await stat(path);
    if (time - mtimeMs >= 2 * DAY_MS) await rm(path, { force: true });
  } catch {
    // The next start tries again.
  }
}

async function readCounts(path: string): Promise<Counts> {
  try {
    return countsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}

/** Returns the day in UTC, as in `2030-01-31`. */
function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
