import type { DatabaseSync } from 'node:sqlite';

/** Writes everything in `work` or nothing. Takes the lock at once: of two processes that take it later, one would fail. */
export function write<T>(database: DatabaseSync, work: () => T): T {
  return transact(database, 'BEGIN IMMEDIATE', work);
}

/** Reads everything in `work` from one snapshot. */
export function read<T>(database: DatabaseSync, work: () => T): T {
  return transact(database, 'BEGIN', work);
}

function transact<T>(database: DatabaseSync, begin: string, work: () => T): T {
  database.exec(begin);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // After some failures, such as a full disk, SQLite has already rolled back.
  }
}

/** Runs `work` so that it fails at once while another process has the file locked. */
export function withoutWaiting(database: DatabaseSync, work: () => void): void {
  const timeout = database.prepare('PRAGMA busy_timeout').get()!.timeout as number;
  database.exec('PRAGMA busy_timeout = 0');
  try {
    work();
  } finally {
    database.exec(`PRAGMA busy_timeout = ${timeout}`);
  }
}
