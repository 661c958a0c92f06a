export interface RateLimitOptions {
  /** Milliseconds that all waits of one request may take; 0 waits for nothing. */
  readonly budgetMs: number;
  readonly maxSleepMs: number;
  readonly initialBackoffMs: number;
  readonly backoffMultiplier: number;
}
