import { withTimeout } from '../../base/async/with-timeout.ts';

/** Work that a process has done so far. */
export interface LifeSigns {
  /** Seconds of CPU time; undefined if the system does not report it. */
  readonly cpuSeconds: number | undefined;
  /** Bytes that it has written. */
  readonly written: number;
}

/** Milliseconds between two looks at the signs of life. */
export const LOOK = 15_000;

/** Milliseconds for which a process may be busy without coming to an end: it may run in a circle. */
const MAX_BUSY = 10 * 60_000;

/** Share of its time that a busy process computes at the least, on a machine that has much else to do. */
const BUSY_SHARE = 0.05;

/**
 * Settles as the promise does, or resolves to `'timeout'` once the process has shown no sign of life for a while: one that
 * works on a large request may answer nothing for a minute, and still must not be taken for hung.
 */
export async function whileAlive<T>(
  promise: Promise<T>,
  look: () => Promise<LifeSigns>,
): Promise<T | 'timeout'> {
  // The looks are asynchronous; a failure in the meantime would count as unhandled.
  promise.catch(() => {});
  let before = await look();
  for (let busy = 0; busy < MAX_BUSY; busy += LOOK) {
    const result = await withTimeout(promise, LOOK);
    if (result !== 'timeout') return result;
    const now = await look();
    if (!hasLived(before, now)) return 'timeout';
    before = now;
  }
  return 'timeout';
}

function hasLived(before: LifeSigns, now: LifeSigns): boolean {
  if (now.written > before.written) return true;
  const computed = (now.cpuSeconds ?? 0) - (before.cpuSeconds ?? 0);
  return computed * 1000 >= LOOK * BUSY_SHARE;
}
