import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { removeOldCounts } from '../../access/day-counts.ts';
import { createRecentDays } from '../../access/recent-days.ts';
import { createId } from '../../base/ids.ts';
import type { Usage } from '../../conversation/usage.ts';
import { makePrivateFolder, writePrivateFile } from '../files/private-files.ts';

/** Tokens by model. */
export const countsSchema = z.record(
  z.string(),
  z.object({ input: z.number(), cached: z.number(), output: z.number() }),
);

type TokenCounts = z.output<typeof countsSchema>;

/** Counts the tokens of answers; today's counts outlive the process. */
export interface UsageLedger {
  add(model: string, usage: Usage): void;
  read(): Promise<{ readonly since_start: TokenCounts; readonly today: TokenCounts }>;
  close(): Promise<void>;
}

/** Milliseconds for which a change waits for further ones before it is written. */
const WRITE_DELAY_MS = 1_000;

/** Returns the folder of the counts in the state folder. */
export function usageFolder(stateDirectory: string): string {
  return join(stateDirectory, 'usage');
}

/**
 * @param folder Holds a file for each process and day, since several gateways may share it; undefined keeps nothing.
 * @param now Unix milliseconds.
 */
export function createUsageLedger(folder: string | undefined, now: () => number = Date.now): UsageLedger {
  const name = createId('');
  const sinceStart: TokenCounts = {};
  const days = createRecentDays<TokenCounts>(() => ({}));
  let day = dayOf(now());
  let today = days.at(day);
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();

  function turnDay(): void {
    const current = dayOf(now());
    if (day === current) return;
    writeAtOnce();
    day = current;
    today = days.at(day);
  }

  /** Counts are worth less than an answer: one that cannot be written is lost with the process. */
  function write(): void {
    timer = undefined;
    if (folder === undefined) return;
    const path = join(folder, `${day}.${name}.json`);
    const text = JSON.stringify(today);
    writing = writing
      .then(async () => {
        await makePrivateFolder(folder);
        await writePrivateFile(path, text, true);
      })
      .catch(() => {});
  }

  /** Writes what has changed since the last write. */
  function writeAtOnce(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    write();
  }

  return {
    add(model, usage) {
      turnDay();
      addTo(sinceStart, model, countsOf(usage));
      addTo(today, model, countsOf(usage));
      timer ??= setTimeout(write, WRITE_DELAY_MS).unref();
    },
    async read() {
      turnDay();
      const total = folder === undefined ? {} : await readDay(folder, { day, time: now(), own: name });
      for (const [model, counts] of Object.entries(today)) addTo(total, model, counts);
      return { since_start: { ...sinceStart }, today: total };
    },
    async close() {
      writeAtOnce();
      await writing;
    },
  };
}

interface ReadDay {
  readonly day: string;
  readonly time: number;
  /** Name of this process, whose file is left out. */
  readonly own: string;
}

/** Adds up the counts of a day from other processes and earlier runs, and removes files of days that are long past. */
async function readDay(folder: string, { day, time, own }: ReadDay): Promise<TokenCounts> {
  const total: TokenCounts = {};
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((file) => file.endsWith('.json'))) {
    if (name < day) await removeOldCounts(join(folder, name), time);
    if (!name.startsWith(`${day}.`) || name === `${day}.${own}.json`) continue;
    for (const [model, counts] of Object.entries(await readCounts(join(folder, name)))) {
      addTo(total, model, counts);
    }
  }
  return total;
}

async function readCounts(path: string): Promise<TokenCounts> {
  try {
    return countsSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return {};
  }
}

type Counts = TokenCounts[string];

function countsOf({ inputTokens, cachedInputTokens, outputTokens }: Usage): Counts {
  return { input: inputTokens, cached: cachedInputTokens, output: outputTokens };
}

function addTo(total: TokenCounts, model: string, { input, cached, output }: Counts): void {
  const before = Object.hasOwn(total, model) ? total[model]! : { input: 0, cached: 0, output: 0 };
  const sum = { input: before.input + input, cached: before.cached + cached, output: before.output + output };
  Object.defineProperty(total, model, { value: sum, enumerable: true, configurable: true, writable: true });
}

/** Returns the day in the local time zone. */
function dayOf(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
}
