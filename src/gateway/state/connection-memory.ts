import type { StoredResponse } from '../../conversation/ports/store.ts';
import type { OwnResponses } from './memory.ts';

/** The responses that one connection knows beside what is stored: of each lane the last one, and all that it goes on with. */
export interface ConnectionMemory {
  /** What a request can refer to that names this response as the one before it. */
  knownTo(previousId: string | undefined): OwnResponses;
  /** The response becomes the last one of its lane. */
  keep(response: StoredResponse, lane: string | undefined): void;
  /** Nobody can go on with the response any more. */
  evict(id: string): void;
}

/** Lanes of which the last response is known; the one that was silent for longest is forgotten first. */
const MAX_LANES = 32;

/** @param capacity Characters of all that is known, as JSON. */
export function createConnectionMemory(capacity: number): ConnectionMemory {
  const known = new Map<string, StoredResponse>();
  const sizes = new Map<string, number>();
  const evicted = new Set<string>();
  /** The last response of each lane, the latest lane last. */
  const last = new Map<string | undefined, string>();

  function forgetUnreachable(): void {
    const reachable = new Set<string>();
    for (const head of last.values()) {
      let next: string | undefined = head;
      while (next !== undefined && !reachable.has(next)) {
        reachable.add(next);
        next = known.get(next)?.previousId;
      }
    }
    for (const id of known.keys()) {
      if (reachable.has(id)) continue;
      known.delete(id);
      sizes.delete(id);
      evicted.delete(id);
    }
  }

  function forgetOldest(): void {
    const [lane] = last.keys();
    last.delete(lane);
    forgetUnreachable();
  }

  const total = () => [...sizes.values()].reduce((sum, size) => sum + size, 0);

  return {
    knownTo(previousId) {
      if (previousId === undefined || !evicted.has(previousId)) return known;
      return new Map([...known].filter(([id]) => id !== previousId));
    },
    keep(response, lane) {
      // Without what every response repeats of its request, such as its tools.
      const { output } = response.body;
      known.set(response.id, { ...response, body: { output } });
      sizes.set(response.id, JSON.stringify([response.input, output]).length);
      last.delete(lane);
      last.set(lane, response.id);
      forgetUnreachable();
      while (last.size > MAX_LANES || (last.size > 0 && total() > capacity)) forgetOldest();
    },
    evict(id) {
      for (const [lane, head] of last) if (head === id) last.delete(lane);
      forgetUnreachable();
      if (known.has(id)) evicted.add(id);
    },
  };
}
