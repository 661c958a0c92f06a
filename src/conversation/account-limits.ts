/** A window of time in which an account may use its models only so much. */
export interface LimitWindow {
  /** Of what is allowed, from 0 to 100. */
  readonly usedPercent: number;
  /** Its length; null where nobody says. */
  readonly windowMinutes: number | null;
  /** Unix seconds at which it is filled again; null where nobody says. */
  readonly resetsAt: number | null;
}
