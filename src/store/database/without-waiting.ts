import type { DatabaseSync } from 'node:sqlite';

/** Does something that fails at once where another process has the file. */
export function withoutWaiting(database: DatabaseSync, work: () => void): void {
  const patience = database.prepare('PRAGMA busy_timeout').get()!.timeout as number;
  database.exec('PRAGMA busy_timeout = 0');
  try {
    work();
  } finally {
    database.exec(`PRAGMA busy_timeout = ${patience}`);
  }
}
