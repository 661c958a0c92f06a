import type { StoredResponse } from '../../conversation/ports/store.ts';
import type { ConnectionResponses } from './response-history.ts';

/** The responses that one connection keeps besides the store: the last one of each stream, and those that it continues. */
export interface ConnectionHistory {
  /** Returns the responses that a request may refer to which continues this one. */
  responsesFor(previousId: string | undefined): ConnectionResponses;
  /** Makes a response the last one of its stream. */
  add(response: StoredResponse, streamId: string | undefined): void;
  /** Makes sure that no request continues the response any more. */
  evict(id: string): void;
}

/** Maximum number of streams whose last response is kept; the one that was silent for longest is dropped first. */
const MAX_STREAMS = 32;

/** @param capacity Maximum characters of all that is kept, as JSON. */
export function createConnectionHistory(capacity: number): ConnectionHistory {
  const responses = new Map<string, StoredResponse>();
  const sizes = new Map<string, number>();
  const evicted = new Set<string>();
  /** Id of the last response of each stream; the stream that spoke last comes last. */
  const last = new Map<string | undefined, string>();

  function dropUnreachable(): void {
    const reachable = findReachable(last.values(), responses);
    for (const id of responses.keys()) {
      if (reachable.has(id)) continue;
      responses.delete(id);
      sizes.delete(id);
      evicted.delete(id);
    }
  }

  function dropOldestStream(): void {
    const [streamId] = last.keys();
    last.delete(streamId);
    dropUnreachable();
  }

  const totalSize = () => [...sizes.values()].reduce((sum, size) => sum + size, 0);

  return {
    responsesFor(previousId) {
      if (previousId === undefined || !evicted.has(previousId)) return responses;
      return new Map([...responses].filter(([id]) => id !== previousId));
    },
    add(response, streamId) {
      // Without the parts that every response repeats of its request, such as its tools.
      const { output } = response.body;
      responses.set(response.id, { ...response, body: { output } });
      sizes.set(response.id, JSON.stringify([response.input, output]).length);
      last.delete(streamId);
      last.set(streamId, response.id);
      dropUnreachable();
      while (last.size > MAX_STREAMS || (last.size > 0 && totalSize() > capacity)) dropOldestStream();
    },
    evict(id) {
      for (const [streamId, head] of last) if (head === id) last.delete(streamId);
      dropUnreachable();
      if (responses.has(id)) evicted.add(id);
    },
  };
}

/** Returns the ids of responses, and of all that they continue. */
function findReachable(
  heads: Iterable<string>,
  responses: ReadonlyMap<string, StoredResponse>,
): ReadonlySet<string> {
  const reachable = new Set<string>();
  for (const head of heads) {
    let next: string | undefined = head;
    while (next !== undefined && !reachable.has(next)) {
      reachable.add(next);
      next = responses.get(next)?.previousId;
    }
  }
  return reachable;
}
