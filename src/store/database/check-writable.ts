import { statfsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isBusy, storageFull } from './file-problem.ts';
import { IN_MEMORY } from './open-database.ts';
import { withoutWaiting } from './without-waiting.ts';

export interface WritableOptions {
  readonly path: string;
  readonly caller: string;
  /** Bytes that must be free on the disk: a single page may find room on a full one. */
  readonly spareBytes: number;
}

/** Writes a page that changes nothing; throws where even that fails. Another process that writes is no failure. */
export function prepareCheckWritable(
  database: DatabaseSync,
  { path, caller, spareBytes }: WritableOptions,
): () => void {
  const touch = database.prepare('UPDATE callers SET owner = owner WHERE id = ?');
  return () => {
    if (freeBytes(path) < spareBytes) throw storageFull();
    try {
      withoutWaiting(database, () => touch.run(caller));
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  };
}

/** Returns Infinity where nothing is known of the disk. */
function freeBytes(path: string): number {
  if (path === IN_MEMORY) return Infinity;
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
