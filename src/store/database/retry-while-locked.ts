import { setTimeout as delay } from 'node:timers/promises';
import { isBusy, storageError } from './file-problem.ts';

/** Milliseconds between two attempts while another process writes. */
const RETRY_MS = 10;

/**
 * Runs work, and retries it while another process has the file locked. Rejects with an error for the caller.
 *
 * @param isOptional True if the caller can do without the store, which is the default.
 */
export type RetryWhileLocked = <T>(
  submittedAt: number,
  work: () => Promise<T>,
  isOptional?: boolean,
) => Promise<T>;

/**
 * Creates a function that retries work. Work that waits for the same lock waits at the same time: its timeout runs
 * from its submission, even if other work goes first. It never runs from before the lock began, since the work may
 * have waited for other work that succeeded.
 */
export function createRetryWhileLocked(timeoutMs: number): RetryWhileLocked {
  /** Time of the first failed attempt since the last success. */
  let lockedSince: number | undefined;
  return async (submittedAt, work, isOptional) => {
    for (;;) {
      try {
        const result = await work();
        lockedSince = undefined;
        return result;
      } catch (error) {
        if (!isBusy(error)) throw storageError(error, isOptional);
        const now = performance.now();
        lockedSince ??= now;
        if (now >= Math.max(submittedAt, lockedSince) + timeoutMs) throw storageError(error, isOptional);
        await delay(RETRY_MS);
      }
    }
  };
}
