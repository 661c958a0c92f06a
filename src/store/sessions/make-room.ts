import type { DatabaseSync } from 'node:sqlite';

/** Bytes that a database in memory may have before idle sessions are deleted. */
const MEMORY_BYTES = 256 * 1024 * 1024;

/** Returns a function that deletes the least recently used idle sessions of a database in memory while it is too large. */
export function prepareMakeRoom(database: DatabaseSync, maxBytes: number = MEMORY_BYTES): () => void {
  const size = database.prepare(
    `SELECT (page_count - freelist_count) * page_size AS bytes
     FROM pragma_page_count, pragma_freelist_count, pragma_page_size`,
  );
  // The one that is in use now stays.
  const removeOldest = database.prepare(
    `DELETE FROM sessions WHERE key = (
       SELECT key FROM sessions
       WHERE runner IS NULL AND key <> (SELECT key FROM sessions ORDER BY used_at DESC, key DESC LIMIT 1)
       ORDER BY used_at, key LIMIT 1
     )`,
  );
  const isTooLarge = () => (size.get()!.bytes as number) > maxBytes;
  return () => {
    while (isTooLarge()) if (removeOldest.run().changes === 0) return;
  };
}
