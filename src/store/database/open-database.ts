import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { DatabaseSync } from 'node:sqlite';
import { StartupError } from '../../base/errors.ts';
import { isBusy, startupError } from './file-problem.ts';
import { loadSqlite } from './load-sqlite.ts';
import { RESPONSE_FILE, type DatabaseKind } from './database-kind.ts';
import { write } from './transaction.ts';

/** Path of a database in memory, which ends with its process. */
export const IN_MEMORY = ':memory:';

/** Milliseconds for which a process waits while another one writes; a write takes about one. */
export const LOCK_TIMEOUT_MS = 5_000;

/** Milliseconds for which a start tries to open the file: several first starts at once on a busy machine take a while. */
const OPEN_TIMEOUT_MS = 10_000;

/** Bounds of the milliseconds between two tries. They differ, since two processes in step would be in each other's way for ever. */
const PAUSE_MS = { least: 5, most: 50 };

/**
 * `synchronous = NORMAL` keeps every commit if the process dies. Only a failure of the machine can lose the last
 * commits, and leaves the rest intact. Deleted data is overwritten, because it contains prompts.
 */
const SETTINGS = `
  PRAGMA auto_vacuum = INCREMENTAL;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA journal_size_limit = 4194304;
  PRAGMA secure_delete = ON;
  PRAGMA foreign_keys = ON;
`;

/**
 * Opens the file, or creates it readable by its owner only. Rejects with a `StartupError`.
 *
 * @param lockTimeoutMs Milliseconds that SQLite itself waits while another process writes.
 * @param openTimeoutMs Milliseconds for which opening is tried again while another process writes.
 */
export async function openDatabase(
  path: string,
  lockTimeoutMs: number = LOCK_TIMEOUT_MS,
  kind: DatabaseKind = RESPONSE_FILE,
  openTimeoutMs: number = OPEN_TIMEOUT_MS,
): Promise<DatabaseSync> {
  const { DatabaseSync } = await loadSqlite();
  if (path !== IN_MEMORY) await makePrivateFile(path, kind);
  const end = Date.now() + openTimeoutMs;
  for (;;) {
    let database: DatabaseSync | undefined;
    try {
      database = new DatabaseSync(path);
      prepare(database, path, lockTimeoutMs, kind);
      return database;
    } catch (error) {
      database?.close();
      // If two processes create the file at once, one of them fails in spite of SQLite's own waiting.
      if (!isBusy(error) || Date.now() > end) throw startupError(error, path, kind);
      await delay(PAUSE_MS.least + Math.random() * (PAUSE_MS.most - PAUSE_MS.least));
    }
  }
}

/** Creates an empty file for its owner only; SQLite gives its additional files the same mode. */
async function makePrivateFile(path: string, kind: DatabaseKind): Promise<void> {
  try {
    await using file = await open(path, 'a', 0o600);
    await file.chmod(0o600);
  } catch (error) {
    throw startupError(error, path, kind);
  }
}

function prepare(database: DatabaseSync, path: string, lockTimeoutMs: number, kind: DatabaseKind): void {
  const { steps, name } = kind;
  if (versionOf(database) > steps.length) {
    throw new StartupError(
      `The ${name}, ${path}, was written by a newer codex-gateway; update this one, or move the file away.`,
    );
  }
  database.exec(SETTINGS);
  write(database, () => {
    const version = versionOf(database);
    // A new file starts with the tables of the newest version.
    for (const step of version === 0 ? steps.slice(0, 1) : steps.slice(version)) database.exec(step);
    if (version < steps.length) database.exec(`PRAGMA user_version = ${steps.length}`);
  });
  database.exec(`PRAGMA busy_timeout = ${lockTimeoutMs}`);
}

function versionOf(database: DatabaseSync): number {
  return database.prepare('PRAGMA user_version').get()!.user_version as number;
}
