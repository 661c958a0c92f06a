import type { JsonObject } from '../../base/json.ts';

export interface StoredSession {
  readonly id: string;
  /** Id of the caller whose session it is. */
  readonly owner: string;
  /** Unix milliseconds. */
  readonly updatedAt: number;
  /**
   * True while this process has a turn of it that runs or waits. Another process cannot save the session then, so it is saved as
   * running before anything of the turn is added to it.
   */
  readonly isRunning: boolean;
  /** Everything that a list of sessions shows or filters by. */
  readonly body: JsonObject;
  /** Everything else that belongs to the session; lists leave it out. */
  readonly details: JsonObject;
}

export interface FoundSession extends StoredSession {
  /**
   * True if it runs in another process that lives. If it is running neither there nor in this process, its process died
   * during the turn.
   */
  readonly runsElsewhere: boolean;
}

export type ListedSession = Omit<FoundSession, 'details'>;

export interface SessionQuery {
  readonly owner: string;
  readonly limit: number;
  /** The last session of the previous page. */
  readonly before?: Pick<StoredSession, 'id' | 'updatedAt'> | undefined;
  /** Fields that the body must have with these values. */
  readonly filter?: Readonly<Record<string, string>> | undefined;
}

/** The owner of a session that works on a thread. */
export interface ThreadOwner {
  readonly threadId: string;
  readonly owner: string;
}

export interface MessagePageQuery {
  readonly limit: number;
  /** Id of the message that follows the page. */
  readonly before?: string | undefined;
}

export interface StoredEvent {
  /** Rises within a session. */
  readonly id: number;
  readonly event: JsonObject;
}

/** The outcome of saving a session: without a change if it was deleted, or if it runs in another process that lives. */
export type SessionSaved = 'saved' | 'missing' | 'elsewhere';

/**
 * Keeps the sessions of all callers, with their messages and events. A session that is not used for a long time is deleted
 * with everything that belongs to it. Methods that resolve to false have changed nothing, because there is no such session.
 */
export interface SessionStore {
  /** Stores a new session, with its first messages. */
  createSession(session: StoredSession, messages?: readonly JsonObject[]): Promise<void>;
  saveSession(session: StoredSession): Promise<SessionSaved>;
  findSession(id: string): Promise<FoundSession | undefined>;
  /** Returns true for a session that is kept, of whichever caller, also if no caller of this process can find it. */
  hasSession(id: string): Promise<boolean>;
  /** Returns a page of an owner's sessions, the last updated one first. */
  listSessions(query: SessionQuery): Promise<readonly ListedSession[]>;
  /** Returns the owners of all sessions on these threads of the agent. */
  threadOwners(threadIds: readonly string[]): Promise<readonly ThreadOwner[]>;
  deleteSession(id: string): Promise<boolean>;
  /**
   * Returns the sessions whose process died during a turn, of all owners, and makes this process run them: each is
   * returned to one process only. The caller saves them as no longer running.
   */
  claimInterrupted(): Promise<readonly FoundSession[]>;

  /** Appends a message, which has an `id`. */
  addMessage(sessionId: string, message: JsonObject): Promise<boolean>;
  /** Replaces the message with the same `id`; resolves to false if there is none. */
  updateMessage(sessionId: string, message: JsonObject): Promise<boolean>;
  deleteMessage(sessionId: string, messageId: string): Promise<boolean>;
  /**
   * Returns the last messages, oldest first: all of them, or a page of those before one of them. Resolves to undefined if there is no such
   * message.
   */
  listMessages(sessionId: string, page?: MessagePageQuery): Promise<readonly JsonObject[] | undefined>;

  /**
   * Appends events. One whose id is not above the last one counts as stored already, so a failed call can be repeated. The
   * last 2,000 events of a session are kept, fewer if they are large.
   */
  addEvents(sessionId: string, events: readonly StoredEvent[]): Promise<boolean>;
  /** Returns the events after an id, oldest first; it is not complete if some of them are no longer kept. */
  eventsAfter(
    sessionId: string,
    id: number,
    limit: number,
  ): Promise<{ readonly events: readonly StoredEvent[]; readonly isComplete: boolean }>;
  /**
   * Returns the highest id of the session's events, 0 without one. Clients may know higher ids, of events that were sent
   * but not stored when their process died; a process that takes over a session has to go on far above.
   */
  lastEventId(sessionId: string): Promise<number>;
}
