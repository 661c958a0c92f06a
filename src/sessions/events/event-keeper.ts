import type { SessionStore } from '../../conversation/ports/session-store.ts';
import type { SessionEvent } from './session-event.ts';

/** Milliseconds for which events wait, so that many are stored at once; after a failure, they wait longer. */
const GATHER_MS = 100;
const RETRY_MS = 1_000;

/** Number of events that are stored without waiting, and that may wait while the store fails. */
const FULL_BATCH = 500;
const MAX_WAITING = 4_000;

export interface EventPage {
  readonly events: readonly SessionEvent[];
  /** False if events before them are no longer kept. */
  readonly isComplete: boolean;
}

/** The place where the events of one session are kept. */
export interface EventPlace {
  /** Stores events. One that is stored already may come again. */
  save(events: readonly SessionEvent[]): Promise<unknown>;
  /** Returns the stored events after an id, oldest first. */
  load(id: number, limit: number): Promise<EventPage>;
}

/** Returns the place of a session's events in the store. */
export function eventsInStore(
  store: Pick<SessionStore, 'addEvents' | 'eventsAfter'>,
  sessionId: string,
): EventPlace {
  return {
    save: async (events) =>
      await store.addEvents(
        sessionId,
        events.map((event) => ({ id: event.id, event })),
      ),
    async load(id, limit) {
      const { events, isComplete } = await store.eventsAfter(sessionId, id, limit);
      return { events: events.map(({ event }) => event as SessionEvent), isComplete };
    },
  };
}

/** Keeps the events of one session, a batch at a time. */
export interface EventKeeper {
  add(event: SessionEvent): void;
  /** Returns the events after an id, oldest first, also those that are not stored yet. */
  after(id: number, limit: number): Promise<EventPage>;
  /** Resolves once everything is stored, or could not be. */
  flush(): Promise<void>;
}

export function createEventKeeper({ save, load }: EventPlace): EventKeeper {
  let waiting: SessionEvent[] = [];
  let timer: NodeJS.Timeout | undefined;
  let storing: Promise<void> | undefined;
  /** Id of the last event that was given up. */
  let lostId = 0;

  function schedule(ms: number): void {
    timer ??= setTimeout(() => void storeNow(), ms).unref();
  }

  async function storeBatch(): Promise<void> {
    const batch = waiting.slice();
    const last = batch.at(-1)?.id ?? 0;
    let nextMs = GATHER_MS;
    try {
      await save(batch);
      waiting = waiting.filter(({ id }) => id > last);
    } catch {
      // They are stored with the next batch. The failures of the store are reported where sessions are saved.
      nextMs = RETRY_MS;
    }
    storing = undefined;
    if (waiting.length > 0) schedule(nextMs);
  }

  function storeNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    return (storing ??= storeBatch());
  }

  return {
    add(event) {
      waiting.push(event);
      if (waiting.length > MAX_WAITING) lostId = waiting.shift()!.id;
      if (waiting.length === FULL_BATCH) void storeNow();
      else schedule(GATHER_MS);
    },
    async after(id, limit) {
      const unstored = waiting.slice();
      const { events, isComplete } = await load(id, limit);
      const last = events.at(-1)?.id ?? id;
      const others = unstored.filter((event) => event.id > last).slice(0, limit - events.length);
      return { events: [...events, ...others], isComplete: isComplete && id >= lostId };
    },
    async flush() {
      await storing;
      if (waiting.length > 0) await storeNow();
    },
  };
}
