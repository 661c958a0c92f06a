import type { KeptThread, ThreadPage, ThreadQuery } from '../../conversation/ports/agent-home.ts';

/** Maximum number of pages that are read for one, so that a long list of hidden threads does not hold up its reader. */
const MAX_PAGES = 50;

export interface ThreadSource {
  readThreads(query: ThreadQuery): Promise<ThreadPage>;
  /** Returns the ids of those threads that the reader may see. */
  visible(ids: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Reads a page of the threads that the reader may see. It is short only at the end, or after very many hidden ones. */
export async function fillThreadPage(
  query: ThreadQuery,
  { readThreads, visible }: ThreadSource,
): Promise<ThreadPage> {
  const threads: KeptThread[] = [];
  let cursor = query.cursor;
  for (let count = 0; count < MAX_PAGES; count += 1) {
    // The next page begins where this one ends, so no more is read than there is room for.
    const page = await readThreads({ ...query, cursor, limit: query.limit - threads.length });
    const shown = await visible(page.threads.map(({ id }) => id));
    threads.push(...page.threads.filter(({ id }) => shown.has(id)));
    cursor = page.next;
    if (cursor === undefined || threads.length >= query.limit) break;
  }
  return { threads, next: cursor };
}
