import type { DocumentGlobs } from './document-globs.ts';
import { isBusy } from '../database/file-problem.ts';
import { openIndex } from './open-index.ts';
import { searchIndex, type PassageHit } from './search-index.ts';
import { updateIndex } from './update-index.ts';

export interface KnowledgeOptions {
  /** Folder of the index; undefined for one in memory. */
  readonly folder: string | undefined;
  readonly globs: DocumentGlobs;
}

export interface KnowledgeSearch {
  readonly query: string;
  readonly count: number;
}

/** Milliseconds for which the index counts as up to date. */
const FRESH_MS = 1_000;

/** Milliseconds after a search for which the index is kept up to date, so that the next one need not wait. */
const WATCHED_MS = 60_000;

/** Opens the index, and makes it follow the documents while somebody searches. */
export async function openServedKnowledge({ folder, globs }: KnowledgeOptions) {
  const database = await openIndex(folder, globs);
  let updatedAt = -Infinity;
  let searchedAt = -Infinity;
  let timer: NodeJS.Timeout | undefined;

  function update(): void {
    // A change while the documents are looked at is found the next time.
    const startedAt = performance.now();
    try {
      updateIndex(database, globs);
    } catch (error) {
      // Another process that writes this index brings it up to date.
      if (!isBusy(error)) throw error;
    }
    updatedAt = startedAt;
  }
  function watch(): void {
    clearTimeout(timer);
    if (performance.now() - searchedAt > WATCHED_MS) return;
    timer = setTimeout(() => {
      // A search tries again, and says so if it fails.
      try {
        update();
      } catch {}
      watch();
    }, FRESH_MS).unref();
  }
  return {
    async search({ query, count }: KnowledgeSearch): Promise<readonly PassageHit[]> {
      if (performance.now() - updatedAt > FRESH_MS * 1.5) update();
      searchedAt = performance.now();
      watch();
      return searchIndex(database, query, count);
    },
    async close(): Promise<void> {
      clearTimeout(timer);
      database.close();
    },
  };
}
