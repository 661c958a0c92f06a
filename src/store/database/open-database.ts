import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../../base/errors.ts';
import { isBusy, startupError } from './file-problem.ts';
import { loadSqlite } from './load-sqlite.ts';
import { STEPS, VERSION } from './tables.ts';
import { write } from './transaction.ts';

/** A place in memory that ends with its process. */
export const IN_MEMORY = ':memory:';

/** Milliseconds for which one process waits while another writes; a write takes about one. */
export const PATIENCE = 5_000;

/**
 * NORMAL is enough for the death of the process, at any moment: what is committed is with the operating system, from
 * where the next one to open the file has it. Only the machine's own failure can take the last commits, without harm to
 * the rest. What is deleted is overwritten, since it was someone's prompts.
 */
const SETTINGS = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA secure_delete = ON;
  PRAGMA foreign_keys = ON;
`;

/** Opens the file, which its user alone can read, and makes it where there is none. Rejects with a `StartupError`. */
export async function openDatabase(path: string, patience: number = PATIENCE): Promise<DatabaseSync> {
  const { DatabaseSync } = await loadSqlite();
  if (path !== IN_MEMORY) await makePrivateFile(path);
  const end = Date.now() + PATIENCE;
  for (;;) {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      prepare(database, path, patience);
      return database;
    } catch (error) {
      database?.close();
      // Where two make a file at once, SQLite's own waiting would fail one of them.
      if (!isBusy(error) || Date.now() > end) throw startupError(error, path);
      await delay(10);
    }
  }
}

/** SQLite gives the files that it puts beside it the same mode. */
async function makePrivateFile(path: string): Promise<void> {
  try {
    await using file = await open(path, 'a', 0o600);
    await file.chmod(0o600);
  } catch (error) {
    throw startupError(error, path);
  }
}

function prepare(database: DatabaseSync, path: string, patience: number): void {
  if (versionOf(database) > VERSION) {
    throw new StartupError(
      `The file of stored responses, ${path}, is of a newer codex-gateway; update this one, or move the file away.`,
    );
  }
  database.exec(SETTINGS);
  write(database, () => {
    const version = versionOf(database);
    // The tables of a new file are those of the newest version.
    for (const step of version === 0 ? STEPS.slice(0, 1) : STEPS.slice(version)) database.exec(step);
    if (version < VERSION) database.exec(`PRAGMA user_version = ${VERSION}`);
  });
  database.exec(`PRAGMA busy_timeout = ${patience}`);
}

function versionOf(database: DatabaseSync): number {
  return database.prepare('PRAGMA user_version').get()!.user_version as number;
}
