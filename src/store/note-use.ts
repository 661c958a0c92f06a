import type { DatabaseSync } from 'node:sqlite';
import { withoutWaiting } from './database/without-waiting.ts';

/**
 * Writes down that something was used. It is worth no waiting, and no failure: what is asked for can be read while another
 * process writes, and on a disk without room.
 */
export function noteUse(database: DatabaseSync, write: () => void): void {
  try {
    withoutWaiting(database, write);
  } catch {
    // It is noted with the next use.
  }
}
