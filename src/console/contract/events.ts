import type { Overview } from './overview.ts';
import type { RequestEvent } from './requests.ts';
import type { TrafficChange } from './traffic.ts';
import type { SessionChange, SessionEventFrame } from './sessions.ts';

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
  /** A session of this browser's owner was made, or has changed. */
  readonly session: SessionChange;
  readonly session_removed: { readonly id: string };
  /** Something has happened in the session that the page shows. */
  readonly session_event: SessionEventFrame;
  /** Events were missed and cannot be replayed: what is shown has to be read again. */
  readonly resync: Record<string, never>;
}

/** A part of the gateway that can be changed in the console. */
export type ChangedArea = 'tokens' | 'models' | 'settings' | 'sessions' | 'tools';

export type ConsoleEventName = keyof ConsoleEvents;
