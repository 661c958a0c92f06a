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
  /** The session is deleted. */
  onEnd(): void;
}

/** The events of one session: numbers them, keeps the latest, and passes them on. */
export interface EventLog {
  add(type: EventType, fields: object): void;
  announce(name: ChangeName): void;
  /** Returns the latest events without the pieces, as a snapshot has them. */
  latest(): readonly SessionEvent[];
  /** Returns a function that stops following. */
  follow(follower: Follower): () => void;
  end(): void;
}

/** Events in a snapshot. */
const SHOWN_EVENTS = 40;

export function createEventLog(lastId: number): EventLog {
  const shown: SessionEvent[] = [];
  const followers = new Set<Follower>();
  let id = lastId;
  return {
    add(type, fields) {
      id += 1;
      const event: SessionEvent = { type, id, created_at: Date.now(), ...fields };
      if (!PIECES.has(type)) shown.push(event);
      if (shown.length > SHOWN_EVENTS) shown.shift();
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
    end() {
      for (const follower of followers) follower.onEnd();
    },
  };
}
