import type { DatabaseSync } from 'node:sqlite';
import { withoutWaiting } from './transaction.ts';

/** Milliseconds within which a further use of a row is not recorded, so that reading rarely writes. */
export const USE_RESOLUTION_MS = 60_000;

/**
 * Records that a row was used. It neither waits nor fails: rows can be read while another process writes, and on a full
 * disk.
 */
export function recordUse(database: DatabaseSync, write: () => void): void {
  try {
    withoutWaiting(database, write);
  } catch {
    // The next use records it.
  }
}
