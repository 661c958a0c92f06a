import { isWhole } from './kept-events.ts';
import type { LiveEvent } from './live-event.ts';

/** The events that wait for one reader. */
export interface Inbox {
  add(event: LiveEvent): void;
  /** Yields all that waits, again and again, until the inbox is closed. */
  read(): AsyncGenerator<readonly LiveEvent[]>;
  close(): void;
}

/** Number of events, and characters of their JSON, by which a reader may lag behind. */
const MAX_BEHIND = 1_000;
const MAX_CHARACTERS_BEHIND = 2 * 1024 * 1024;

/**
 * @param first Events that wait from the beginning.
 * @param resync Returns the event that stands for all that a reader has missed.
 */
export function openInbox(first: readonly LiveEvent[], resync: () => LiveEvent): Inbox {
  let waiting = [...first];
  let characters = 0;
  let isClosed = false;
  let wake = () => {};

  function removeReplaced({ event }: LiveEvent): void {
    const place = waiting.findIndex((other) => other.event === event);
    const [replaced] = place === -1 ? [] : waiting.splice(place, 1);
    characters -= replaced?.data.length ?? 0;
  }

  return {
    add(event) {
      if (isWhole(event)) removeReplaced(event);
      waiting.push(event);
      characters += event.data.length;
      if (waiting.length > MAX_BEHIND || characters > MAX_CHARACTERS_BEHIND) {
        waiting = [resync()];
        characters = 0;
      }
      wake();
    },
    async *read() {
      for (;;) {
        if (isClosed) return;
        if (waiting.length === 0) {
          const { promise, resolve } = Promise.withResolvers<void>();
          wake = resolve;
          await promise;
        }
        const batch = waiting;
        waiting = [];
        characters = 0;
        if (batch.length > 0) yield batch;
      }
    },
    close() {
      isClosed = true;
      wake();
    },
  };
}
