/** When an answer that is silent shows that it is alive, in milliseconds. */
export interface KeepAliveTimes {
  /** Between comments of a stream. */
  readonly comment: number;
  /** Between chunks of a stream that say nothing, for clients that do not count comments. */
  readonly heartbeat: number;
  /** Until the first space before a whole answer; 0 for none. */
  readonly firstSpace: number;
  /** Between spaces. */
  readonly nextSpace: number;
}
