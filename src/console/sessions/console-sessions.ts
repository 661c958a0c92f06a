import type { ConsoleEventName } from '../contract/events.ts';
import type { SessionSetup } from '../contract/sessions.ts';

/** An event about sessions, for the stream of one browser; `data` is JSON. */
export interface SessionFrame {
  readonly event: ConsoleEventName;
  /** Id of an event of the session that is shown, with which the stream can be taken up. */
  readonly place?: string;
  readonly data: string;
}

/** The session that a page shows. */
export interface SessionInView {
  readonly id: string;
  /** The last of its events that the page has; without it, the page gets all that are kept. */
  readonly lastEventId: number | undefined;
}

/** The agent sessions, as far as the console shows them beside their own routes. */
export interface ConsoleSessions {
  /** Returns what is needed to start a session. */
  setup(signal: AbortSignal): Promise<SessionSetup>;
  /**
   * Yields the changes of all sessions of an owner, and the events of the one that is shown. It ends early if the reader is too
   * slow, and can then be taken up where it was.
   */
  follow(
    owner: string,
    shown: SessionInView | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SessionFrame[]>;
}
