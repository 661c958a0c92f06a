/** Turns of agent sessions. */
export type SessionObservation =
  /** A turn begins without the gateway's tools; how the start of their server has ended. */
  | { readonly type: 'session-tools-missing'; readonly end: string }
  /** A turn has failed for a reason that its client is not shown. */
  | { readonly type: 'session-turn-broken'; readonly problem: string };
