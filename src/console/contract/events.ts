import type { Overview } from './overview.ts';
import type { RequestEvent } from './requests.ts';
import type { TrafficChange } from './traffic.ts';

/** An event of `GET /console/events`, by its `event` field; `data` is its JSON. */
export interface ConsoleEvents {
  /** The state of the gateway has changed. */
  readonly overview: Overview;
  /** Steps of the charts that have changed. */
  readonly traffic: TrafficChange;
  /** Something in an area was changed, by this browser or somebody else. */
  readonly changed: { readonly area: ChangedArea };
  /** Requests have begun, ended or have something new to show. */
  readonly request: RequestEvent;
  /** Events were missed and cannot be replayed: what is shown has to be read again. */
  readonly resync: Record<string, never>;
}

/** A part of the gateway that can be changed in the console. */
export type ChangedArea = 'tokens' | 'models' | 'settings' | 'sessions' | 'tools';

export type ConsoleEventName = keyof ConsoleEvents;
