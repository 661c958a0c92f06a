import type { DatabaseSync } from 'node:sqlite';

/** All of what `work` writes, or nothing. The lock is taken at once: where two take it later, one of them would fail. */
export function write<T>(database: DatabaseSync, work: () => T): T {
  return transact(database, 'BEGIN IMMEDIATE', work);
}

/** What `work` reads is of one moment. */
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
    // After some failures, as of a full disk, SQLite has done so itself.
  }
}
