import type { DatabaseSync } from 'node:sqlite';
import { isBusy } from './file-problem.ts';
import { withoutWaiting } from './without-waiting.ts';

/** Writes a page that changes nothing; throws where even that fails. Another process that writes is no failure. */
export function prepareCheckWritable(database: DatabaseSync, caller: string): () => void {
  const touch = database.prepare('UPDATE callers SET owner = owner WHERE id = ?');
  return () => {
    try {
      withoutWaiting(database, () => touch.run(caller));
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  };
}
