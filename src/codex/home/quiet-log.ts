import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { sumSizes } from './sum-sizes.ts';

/**
 * Makes a table of an SQLite file ignore every row that is inserted from now on. Resolves to false while the file is being
 * written; rejects if there is no such table.
 */
export type IgnoreRows = (path: string, table: string) => Promise<boolean>;

/** Codex numbers the file by the version of its tables. */
const LOG_DATABASE = /^logs_\d+\.sqlite$/;
const TABLE = 'logs';

const ATTEMPTS = 20;
/** Milliseconds between attempts; a write of the app-server takes a few. */
const PAUSE_MS = 25;

/**
 * Stops an app-server from filling its log database, which nobody reads and which would grow by some 50 kB a turn. No
 * setting of Codex turns it off or limits it; instead its table ignores new rows. If that fails, the log grows, and nothing
 * else happens.
 */
export async function quietLog(home: string, ignoreRows: IgnoreRows, observer: Observer): Promise<void> {
  try {
    for (const name of (await readdir(home)).filter((one) => LOG_DATABASE.test(one)))
      await quiet(join(home, name), ignoreRows);
  } catch (error) {
    observer.observe({ type: 'codex-log-grows', problem: messageOf(error) });
  }
}

/** Matches the log database and the files that SQLite keeps beside it. */
const LOG_FILE = /^logs_\d+\.sqlite(?:-\w+)?$/;

/** Returns the bytes of an app-server's log database. */
export async function readLogBytes(home: string): Promise<number> {
  return await sumSizes(home, LOG_FILE);
}

async function quiet(path: string, ignoreRows: IgnoreRows): Promise<void> {
  for (let attempt = 1; !(await ignoreRows(path, TABLE)); attempt += 1) {
    if (attempt === ATTEMPTS) throw new Error('the database is locked');
    await delay(PAUSE_MS);
  }
}
