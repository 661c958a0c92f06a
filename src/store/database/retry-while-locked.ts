import { setTimeout as delay } from 'node:timers/promises';
import { isBusy, storageError } from './file-problem.ts';

/** Milliseconds between two tries while another process writes. */
const PAUSE = 10;

/** Does work that is tried again while another process has the file locked. Rejects with an error for the caller. */
export type RetryWhileLocked = <T>(handedIn: number, work: () => Promise<T>) => Promise<T>;

/**
 * Lets everyone who waits for one lock wait side by side: the patience of work counts from when it was handed in, also if
 * other work came first, but never from before the lock, behind which it may have had to wait for work that succeeded.
 *
 * @param patience Milliseconds.
 */
export function createRetryWhileLocked(patience: number): RetryWhileLocked {
  /** Time of the first try that has failed since one succeeded. */
  let lockedSince: number | undefined;
  return async (handedIn, work) => {
    for (;;) {
      try {
        const result = await work();
        lockedSince = undefined;
        return result;
      } catch (error) {
        if (!isBusy(error)) throw storageError(error);
        const now = performance.now();
        lockedSince ??= now;
        if (now >= Math.max(handedIn, lockedSince) + patience) throw storageError(error);
        await delay(PAUSE);
      }
    }
  };
}
