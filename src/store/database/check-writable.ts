import { statfsSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { isBusy, storageFull } from './file-problem.ts';
import { IN_MEMORY } from './open-database.ts';
import { withoutWaiting } from './transaction.ts';

export interface WritableOptions {
  readonly path: string;
  readonly caller: string;
  /** Bytes that must be free on the disk: a single page may still fit on a full one. */
  readonly minFreeBytes: number;
}

/** Throws if fewer bytes are free on the disk of the file. */
export function checkFreeSpace(path: string, minFreeBytes: number): void {
  if (freeBytes(path) < minFreeBytes) throw storageFull(undefined, false);
}

/** Returns a function that writes a page without changing it, and throws if that fails; a lock of another process is fine. */
export function prepareCheckWritable(
  database: DatabaseSync,
  { path, caller, minFreeBytes }: WritableOptions,
): () => void {
  const touch = database.prepare('UPDATE callers SET owner = owner WHERE id = ?');
  return () => {
    if (freeBytes(path) < minFreeBytes) throw storageFull();
    try {
      withoutWaiting(database, () => touch.run(caller));
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  };
}

/** Returns Infinity if the disk cannot be examined. */
function freeBytes(path: string): number {
  if (path === IN_MEMORY) return Infinity;
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
