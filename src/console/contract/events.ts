import type { Overview } from './overview.ts';

/** An event of `GET /console/events`, by its `event` field; `data` is its JSON. */
export interface ConsoleEvents {
  /** The state of the gateway has changed. */
  readonly overview: Overview;
  /** Events were missed and cannot be replayed: what is shown has to be read again. */
  readonly resync: Record<string, never>;
}

export type ConsoleEventName = keyof ConsoleEvents;
