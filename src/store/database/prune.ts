import type { DatabaseSync } from 'node:sqlite';

/** What is kept at most; responses on the way, and the conversations that they go on with, stay in any case. */
export interface Bounds {
  /** Since the last use. */
  readonly days: number;
  /** Of responses, and of conversations; the last used stay. */
  readonly count: number;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Saves after which it is time again, so that there are never many rows to delete at once. */
const SAVES = 20;

/** Pages of 4 kB: how many stay free for what comes next, and how many are given back at a start and at a time. */
const SPARE_PAGES = 4_096;
const PAGES_AT_START = 16_384;
const PAGES_AT_ONCE = 256;

/** To be called at the start and before each save: now and then, deletes what is beyond the bounds. */
export function createPruning(database: DatabaseSync, bounds: Bounds, now: () => number): () => void {
  const prune = preparePrune(database, bounds, now);
  let saves = 0;
  let due = -Infinity;
  let pages = PAGES_AT_START;
  return () => {
    saves += 1;
    if (saves < SAVES && now() < due) return;
    saves = 0;
    due = now() + HOUR;
    prune();
    giveBack(database, pages);
    pages = PAGES_AT_ONCE;
  };
}

function preparePrune(database: DatabaseSync, { days, count }: Bounds, now: () => number): () => void {
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
    for (const statement of [oldResponses, oldConversations]) statement.run(now() - days * DAY);
    for (const statement of [surplusResponses, surplusConversations]) statement.run(count);
  };
}

/** Gives space of what was deleted back to the file system, where that is much. */
function giveBack(database: DatabaseSync, pages: number): void {
  const { freelist_count: free } = database.prepare('PRAGMA freelist_count').get() as {
    freelist_count: number;
  };
  const excess = Math.min(free - SPARE_PAGES, pages);
  if (excess > 0) database.exec(`PRAGMA incremental_vacuum(${excess})`);
}
