import { PIECES, type EventType, type SessionEvent } from './session-event.ts';

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
export interface Follower {
  onEvent(event: SessionEvent): void;
  onChange(name: ChangeName): void;
  /** The session is deleted, or the gateway ends. */
  onEnd(): void;
}

/** The events of one session: numbers them, keeps the latest, and passes them on. */
export interface EventLog {
  /** True while somebody reads the stream. */
  readonly isFollowed: boolean;
  add(type: EventType, fields: object): void;
  announce(name: ChangeName): void;
  /** Returns the latest events without the pieces, as a snapshot has them. */
  latest(): readonly SessionEvent[];
  /** Returns a function that stops following. */
  follow(follower: Follower): () => void;
  /** Resolves once every event so far is stored, or could not be. */
  flush(): Promise<void>;
  end(): void;
}

export interface EventLogOptions {
  /** Id of the last event; 0 without one. */
  readonly lastId: number;
  /** Events of an earlier run, with which a snapshot begins. */
  readonly latest: readonly SessionEvent[];
  /** Stores events, in this order. */
  save(events: readonly SessionEvent[]): Promise<unknown>;
}

/** Events in a snapshot. */
const SHOWN_EVENTS = 40;

/** Milliseconds for which events are collected until they are stored together. */
const SAVE_MS = 50;

export function createEventLog(options: EventLogOptions): EventLog {
  const shown: SessionEvent[] = options.latest.slice(-SHOWN_EVENTS);
  const followers = new Set<Follower>();
  const saving = createSaving(options.save);
  let id = options.lastId;
  return {
    get isFollowed() {
      return followers.size > 0;
    },
    add(type, fields) {
      id += 1;
      const event: SessionEvent = { type, id, created_at: Date.now(), ...fields };
      if (!PIECES.has(type)) shown.push(event);
      if (shown.length > SHOWN_EVENTS) shown.shift();
      saving.add(event);
      for (const follower of followers) follower.onEvent(event);
    },
    announce(name) {
      for (const follower of followers) follower.onChange(name);
    },
    latest: () => shown,
    follow(follower) {
      followers.add(follower);
      return () => void followers.delete(follower);
    },
    flush: saving.flush,
    end() {
      for (const follower of followers) follower.onEnd();
    },
  };
}

/** Stores events that come at about the same time together. */
function createSaving(save: EventLogOptions['save']) {
  let waiting: SessionEvent[] = [];
  let timer: NodeJS.Timeout | undefined;

  async function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const events = waiting;
    waiting = [];
    // The store reports its failures itself.
    if (events.length > 0) await save(events).catch(() => {});
  }
  return {
    add(event: SessionEvent): void {
      waiting.push(event);
      timer ??= setTimeout(() => void flush(), SAVE_MS);
    },
    flush,
  };
}
