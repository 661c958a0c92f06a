import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createId } from '../base/ids.ts';
import type { PrivateFiles } from './token-folder.ts';
import { createLazyWrite } from './lazy-write.ts';

/** Counts the model's tokens of each caller on a day of UTC, across all gateways and restarts. */
export interface DayCounts {
  /** Reads what was counted before. */
  load(): Promise<void>;
  add(id: string, count: number): void;
  today(id: string): number;
  /** Returns the seconds until the next day. */
  secondsLeft(): number;
  close(): Promise<void>;
}

const countsSchema = z.record(z.string(), z.number());

type Counts = z.output<typeof countsSchema>;

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
  const own = createId('');
  let day = dayOf(now());
  let counts: Counts = {};
  let others: Counts = {};
  let readAt = -Infinity;

  function turnDay(): void {
    const current = dayOf(now());
    if (day === current) return;
    day = current;
    counts = {};
    others = {};
    readAt = -Infinity;
  }

  async function load(): Promise<void> {
    if (folder === undefined) return;
    const wanted = day;
    readAt = performance.now();
    const read = await readDay(folder, wanted, own);
    if (wanted === day) others = read;
  }

  // Counts are worth less than an answer: those that cannot be written are lost with the process.
  const lazy = createLazyWrite(PAUSE_MS, async () => {
    turnDay();
    const path = join(folder!, fileOf(day, own));
    const text = JSON.stringify(counts);
    await files
      .makeFolder(folder!)
      .then(() => files.write(path, text, true))
      .catch(() => {});
    if (performance.now() - readAt > REREAD_MS) await load();
  });

  return {
    load,
    add(id, count) {
      turnDay();
      counts[id] = (counts[id] ?? 0) + count;
      if (folder !== undefined) lazy.touch();
    },
    today(id) {
      turnDay();
      return (counts[id] ?? 0) + (others[id] ?? 0);
    },
    secondsLeft: () => Math.max(1, Math.ceil((DAY_MS - (now() % DAY_MS)) / 1000)),
    close: lazy.close,
  };
}

const PREFIX = 'day.';

function fileOf(day: string, gateway: string): string {
  return `${PREFIX}${day}.${gateway}.json`;
}

/** Adds up the counts of a day from other processes and earlier runs, and removes files of earlier days. */
async function readDay(folder: string, day: string, own: string): Promise<Counts> {
  const total: Counts = {};
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((file) => file.startsWith(PREFIX) && file.endsWith('.json'))) {
    const path = join(folder, name);
    if (name < `${PREFIX}${day}`) await rm(path, { force: true }).catch(() => {});
    if (!name.startsWith(`${PREFIX}${day}.`) || name === fileOf(day, own)) continue;
    for (const [id, count] of Object.entries(await readCounts(path))) total[id] = (total[id] ?? 0) + count;
  }
  return total;
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
