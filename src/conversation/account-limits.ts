/** A time window with a usage limit of an account. */
export interface LimitWindow {
  /** Used share of the limit, from 0 to 100. */
  readonly usedPercent: number;
  /** Length of the window; null if unknown. */
  readonly windowMinutes: number | null;
  /** Unix seconds at which the window restarts; null if unknown. */
  readonly resetsAt: number | null;
}
