import { randomBytes } from 'node:crypto';
import type { ConsoleEventName, ConsoleEvents } from '../contract/events.ts';

/** An event as it is sent; `data` is JSON. */
export interface LiveEvent {
  readonly id: string;
  readonly event: ConsoleEventName;
  readonly data: string;
}

/** Passes on what happens: one stream for all pages of the console. */
export interface LiveEvents {
  /** True while somebody reads. */
  readonly isFollowed: boolean;
  publish<Name extends ConsoleEventName>(event: Name, data: ConsoleEvents[Name]): void;
  /**
   * Yields the events after `lastId`, or those that come next without it, in batches. If the missed ones are no longer kept, it
   * begins with `resync`.
   */
  follow(lastId: string | undefined, signal: AbortSignal): AsyncGenerator<readonly LiveEvent[]>;
}

/** Events that are kept for those who reconnect. */
const MAX_KEPT = 1_000;

/** Events by which a reader may lag behind. */
const MAX_BEHIND = 1_000;

export function createLiveEvents(): LiveEvents {
  // Ids of another process mean nothing here.
  const epoch = randomBytes(6).toString('hex');
  const kept: LiveEvent[] = [];
  const readers = new Set<(event: LiveEvent) => void>();
  let count = 0;

  function make(event: ConsoleEventName, data: object): LiveEvent {
    return { id: `${epoch}-${count}`, event, data: JSON.stringify(data) };
  }

  function missedAfter(lastId: string | undefined): readonly LiveEvent[] {
    if (lastId === undefined || lastId === `${epoch}-${count}`) return [];
    const place = kept.findIndex(({ id }) => id === lastId);
    return place === -1 ? [make('resync', {})] : kept.slice(place + 1);
  }

  return {
    get isFollowed() {
      return readers.size > 0;
    },
    publish(event, data) {
      count += 1;
      const made = make(event, data);
      kept.push(made);
      if (kept.length > MAX_KEPT) kept.shift();
      for (const read of readers) read(made);
    },
    async *follow(lastId, signal) {
      let waiting = [...missedAfter(lastId)];
      let wake = () => {};
      const read = (event: LiveEvent) => {
        waiting.push(event);
        if (waiting.length > MAX_BEHIND) waiting = [make('resync', {})];
        wake();
      };
      const stop = () => wake();
      readers.add(read);
      signal.addEventListener('abort', stop, { once: true });
      try {
        while (!signal.aborted) {
          if (waiting.length === 0) {
            const { promise, resolve } = Promise.withResolvers<void>();
            wake = resolve;
            await promise;
          }
          const batch = waiting;
          waiting = [];
          if (batch.length > 0) yield batch;
        }
      } finally {
        readers.delete(read);
        signal.removeEventListener('abort', stop);
      }
    },
  };
}
