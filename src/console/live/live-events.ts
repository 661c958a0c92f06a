import { randomBytes } from 'node:crypto';
import type { ConsoleEventName, ConsoleEvents } from '../contract/events.ts';
import { openInbox, type Inbox } from './inbox.ts';
import { keepEvents } from './kept-events.ts';
import type { LiveEvent } from './live-event.ts';

/** Passes on what happens: one stream for all pages of the console. */
export interface LiveEvents {
  /** True while somebody reads, and for a while after that, in which a lost connection may come back. */
  readonly isFollowed: boolean;
  /** Sends an event to all who read. While nobody follows, this costs nothing, and the event is lost. */
  publish<Name extends ConsoleEventName>(event: Name, data: ConsoleEvents[Name]): void;
  /**
   * Yields the events after `lastId`, or those that come next without it, in batches. If the missed ones are no longer kept, it
   * begins with `resync`; a reader that lags behind too far gets `resync` in place of what waits for it.
   */
  follow(lastId: string | undefined, signal: AbortSignal): AsyncGenerator<readonly LiveEvent[]>;
  /** Ends all streams, since the gateway stops. */
  close(): void;
}

/** Milliseconds after which a reader that has left is not expected back. */
const ABSENCE_MS = 60_000;

/** @param now Milliseconds of a clock that never goes back. */
export function createLiveEvents(now: () => number = () => performance.now()): LiveEvents {
  // Ids of another process mean nothing here.
  const epoch = randomBytes(6).toString('hex');
  const kept = keepEvents();
  const inboxes = new Set<Inbox>();
  let count = 0;
  let leftAt = -Infinity;
  let isClosed = false;

  const isFollowed = () => inboxes.size > 0 || now() - leftAt < ABSENCE_MS;

  const encode = (event: ConsoleEventName, data: object): LiveEvent => ({
    id: `${epoch}-${count}`,
    event,
    data: JSON.stringify(data),
  });

  const resync = () => encode('resync', {});

  function missedAfter(lastId: string | undefined): readonly LiveEvent[] {
    if (lastId === undefined) return [];
    const [of, place] = lastId.split('-');
    return (of === epoch ? kept.after(Number(place), count) : undefined) ?? [resync()];
  }

  return {
    get isFollowed() {
      return isFollowed();
    },
    publish(event, data) {
      count += 1;
      if (!isFollowed()) return kept.forget(count);
      const made = encode(event, data);
      kept.add(count, made);
      for (const inbox of inboxes) inbox.add(made);
    },
    async *follow(lastId, signal) {
      if (isClosed) return;
      const inbox = openInbox(missedAfter(lastId), resync);
      const leave = () => inbox.close();
      inboxes.add(inbox);
      signal.addEventListener('abort', leave, { once: true });
      try {
        if (!signal.aborted) yield* inbox.read();
      } finally {
        inboxes.delete(inbox);
        leftAt = now();
        signal.removeEventListener('abort', leave);
      }
    },
    close() {
      isClosed = true;
      for (const inbox of inboxes) inbox.close();
    },
  };
}
