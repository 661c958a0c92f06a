import type { DatabaseSync } from 'node:sqlite';

/** Limits of what is kept. Responses in progress and their conversations are kept in any case. */
export interface Retention {
  /** Days since the last use. */
  readonly days: number;
  /** Maximum number of responses, of conversations, and of sessions; the most recently used ones are kept. */
  readonly count: number;
}

export const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Number of saves between two prunings, so that there are never many rows to delete at once. */
const SAVES_BETWEEN = 20;

/** Pages of 4 kB: how many stay free for later use, and how many are returned at a start and at each pruning. */
const SPARE_PAGES = 4_096;
const PAGES_AT_START = 16_384;
const PAGES_AT_ONCE = 256;

/**
 * Returns a function for the start and for each save, which deletes what exceeds the limits from time to time.
 *
 * @param prunes Functions that delete it, each from some of the tables.
 */
export function createPruning(
  database: DatabaseSync,
  prunes: readonly (() => void)[],
  now: () => number,
): () => void {
  let saves = 0;
  let due = -Infinity;
  let pages = PAGES_AT_START;
  return () => {
    saves += 1;
    if (saves < SAVES_BETWEEN && now() < due) return;
    saves = 0;
    due = now() + HOUR_MS;
    for (const prune of prunes) prune();
    returnFreePages(database, pages);
    pages = PAGES_AT_ONCE;
  };
}

/** Returns a function that deletes the responses and conversations that exceed the limits. */
export function prepareResponsePrune(
  database: DatabaseSync,
  { days, count }: Retention,
  now: () => number,
): () => void {
  const isIdle = `NOT EXISTS (
    SELECT 1 FROM responses
    WHERE owner IS NOT NULL AND caller = conversations.caller AND conversation_id = conversations.id
  )`;
  const [oldResponses, oldConversations] = [
    database.prepare('DELETE FROM responses WHERE owner IS NULL AND used_at < ?'),
    database.prepare(`DELETE FROM conversations WHERE used_at < ? AND ${isIdle}`),
  ];
  const [surplusResponses, surplusConversations] = [
    database.prepare(
      `DELETE FROM responses WHERE key IN (
         SELECT key FROM responses WHERE owner IS NULL ORDER BY used_at DESC, key DESC LIMIT -1 OFFSET ?
       )`,
    ),
    database.prepare(
      `DELETE FROM conversations WHERE key IN (
         SELECT key FROM conversations ORDER BY used_at DESC, key DESC LIMIT -1 OFFSET ?
       ) AND ${isIdle}`,
    ),
  ];
  return () => {
    for (const statement of [oldResponses, oldConversations]) statement.run(now() - days * DAY_MS);
    for (const statement of [surplusResponses, surplusConversations]) statement.run(count);
  };
}

/** Returns free pages to the file system if there are many. */
function returnFreePages(database: DatabaseSync, pages: number): void {
  const { freelist_count: free } = database.prepare('PRAGMA freelist_count').get() as {
    freelist_count: number;
  };
  const excess = Math.min(free - SPARE_PAGES, pages);
  if (excess > 0) database.exec(`PRAGMA incremental_vacuum(${excess})`);
}
