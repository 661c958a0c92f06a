import { GatewayError } from '../../base/errors.ts';
import type { KnowledgeOptions, KnowledgeSearch } from '../../store/knowledge/serve-knowledge.ts';
import type { KnowledgeHit, KnowledgeIndex } from '../../tools/knowledge/knowledge-index.ts';
import { startLastingThread, type LastingThread } from './lasting-thread.ts';
import { entryUrl } from './start-worker.ts';

const HEAP_MEGABYTES = 512;

/** Longer than the first look at very many documents. */
const CALL_TIMEOUT_MS = 300_000;

const IDLE = { firstMs: 60_000, laterMs: 60_000 };

/** Returns an index that works in a thread of its own, which starts with the first search. */
export function createKnowledgeThread(options: KnowledgeOptions): KnowledgeIndex {
  let thread: LastingThread | undefined;
  const start = () =>
    startLastingThread(
      {
        entry: entryUrl('knowledge-worker'),
        data: options,
        heapMegabytes: HEAP_MEGABYTES,
        sendParts: async () => {},
      },
      CALL_TIMEOUT_MS,
      IDLE,
    );
  return {
    async search(query, count) {
      thread ??= start();
      const call: KnowledgeSearch = { query, count };
      try {
        return (await thread.call(call, [])) as readonly KnowledgeHit[];
      } catch (cause) {
        if (cause instanceof GatewayError) throw cause;
        throw new GatewayError('storage_failed', 'The documents could not be searched; try again.', {
          cause,
        });
      }
    },
    close: async () => await thread?.close(),
  };
}
