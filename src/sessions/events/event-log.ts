import type { SessionStore } from '../../conversation/ports/session-store.ts';
import { createEventKeeper, type EventPage, type EventPlace } from './event-keeper.ts';
import { LoggedEvent } from './logged-event.ts';
import type { SessionEventFields, EventType, SessionEvent } from './session-event.ts';
import { createShownEvents, type ShownEvent } from './shown-events.ts';

/** Names of the changes that the stream of snapshots announces. */
export type ChangeName =
  | 'session.updated'
  | 'session.queued'
  | 'session.running'
  | 'session.event'
  | 'session.message'
  | 'session.approval.required'
  | 'session.error'
  | 'session.completed';

/** A reader of a session's stream. */
interface Follower {
  onEvent?(event: LoggedEvent): void;
  onChange?(name: ChangeName): void;
  /** The session is deleted, or the gateway stops. */
  onEnd(): void;
}

/** The events of one session: numbers them, keeps them in the store, and passes them on. */
export interface EventLog {
  /** Id of the last event. */
  readonly lastId: number;
  /** Rises with every event and every change. */
  readonly version: number;
  /** True while somebody reads a stream of the session. */
  readonly isFollowed: boolean;
  add<T extends EventType>(type: T, fields: SessionEventFields<T>): void;
  announce(name: ChangeName): void;
  /** Returns the latest events, as a snapshot has them. */
  latest(): readonly ShownEvent[];
  /** Returns a page of the events after an id, oldest first. */
  after(id: number, limit: number): Promise<EventPage>;
  /** Returns a function that stops following. */
  follow(follower: Follower): () => void;
  /** Ends all streams. */
  end(): void;
  /** Resolves once all events are stored, or could not be. */
  flush(): Promise<void>;
}

/** The events that the log of a session goes on from. */
export interface EarlierEvents {
  /** Id of the last event; 0 without one. */
  readonly lastId: number;
  /** Some of the last events, with which a snapshot begins. */
  readonly latest: readonly SessionEvent[];
}

export interface EventLogOptions extends EarlierEvents, EventPlace {
  /** Called with every change, also while nobody reads a stream. */
  onChange?(): void;
}

/** Distance of the first id after a restart: clients may know ids of events that were not stored any more. */
const RESTART_GAP = 10_000;

/** Number of events among which those of a snapshot are looked for. */
const LOOK_BACK = 500;

/** Reads what an earlier process has left of a session's log. */
export async function readEarlierEvents(
  store: Pick<SessionStore, 'eventsAfter' | 'lastEventId'>,
  sessionId: string,
): Promise<EarlierEvents> {
  const lastId = await store.lastEventId(sessionId);
  const { events } = await store.eventsAfter(sessionId, Math.max(0, lastId - LOOK_BACK), LOOK_BACK);
  return { lastId: lastId + RESTART_GAP, latest: events.map(({ event }) => event as SessionEvent) };
}

export function createEventLog(options: EventLogOptions): EventLog {
  const keeper = createEventKeeper(options);
  const shown = createShownEvents();
  const followers = new Set<Follower>();
  let { lastId } = options;
  let version = 0;
  for (const event of options.latest) shown.add(event);
  return {
    get lastId() {
      return lastId;
    },
    get version() {
      return version;
    },
    get isFollowed() {
      return followers.size > 0;
    },
    add(type, fields) {
      lastId += 1;
      version += 1;
      const event = { type, id: lastId, created_at: Date.now(), ...fields } as unknown as SessionEvent;
      shown.add(event);
      keeper.add(event);
      if (followers.size === 0) return;
      const logged = new LoggedEvent(event);
      for (const follower of followers) follower.onEvent?.(logged);
    },
    announce(name) {
      version += 1;
      options.onChange?.();
      for (const follower of followers) follower.onChange?.(name);
    },
    latest: shown.list,
    after: keeper.after,
    follow(follower) {
      followers.add(follower);
      return () => void followers.delete(follower);
    },
    end() {
      for (const follower of followers) follower.onEnd();
    },
    flush: keeper.flush,
  };
}
