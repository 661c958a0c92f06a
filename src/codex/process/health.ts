import { withTimeout } from '../../base/async/with-timeout.ts';
import type { Observer } from '../../base/observation.ts';
import type { Connection } from '../protocol/connection.ts';
import type { ChildProcess } from './child-process.ts';

/** Checks on a child that is silent. */
export interface Health {
  /**
   * Checks that the child still answers, and kills it if it hangs. Resolves to true if it was only busy, for longer than
   * an answer takes.
   */
  check(): Promise<boolean>;
  /** Settles as the promise does, or resolves to `'timeout'` once the child has shown no sign of life for a while. */
  whileAlive<T>(promise: Promise<T>): Promise<T | 'timeout'>;
}

/** Longest time, in milliseconds, that an app-server with nothing else to do takes for an answer. */
const IDLE_ANSWER_MS = 1_000;

/** @param connect Returns the connection to the child, which exists by the first check. */
export function createHealth(
  child: Pick<ChildProcess, 'cpuSeconds' | 'kill'>,
  connect: () => Pick<Connection, 'ping' | 'receivedBytes'>,
  observer: Observer,
): Health {
  let checking: Promise<boolean> | undefined;

  const look = async () => ({
    cpuSeconds: await child.cpuSeconds(),
    writtenBytes: connect().receivedBytes,
  });

  async function check(): Promise<boolean> {
    const start = performance.now();
    const answered = await whileAlive(connect().ping(), look);
    if (answered !== 'timeout') return performance.now() - start > IDLE_ANSWER_MS;
    observer.observe({ type: 'app-server-hangs' });
    child.kill();
    return false;
  }

  return {
    async check() {
      // Everyone who asks at the same time shares one check.
      checking ??= check().finally(() => (checking = undefined));
      return await checking;
    },
    whileAlive: async (promise) => await whileAlive(promise, look),
  };
}

/** Work that a process has done so far. */
export interface LifeSigns {
  /** Seconds of CPU time; undefined if the system does not report it. */
  readonly cpuSeconds: number | undefined;
  /** Bytes that it has written. */
  readonly writtenBytes: number;
}

/** Milliseconds between two looks at the signs of life. */
export const LOOK_INTERVAL_MS = 15_000;

/** Longest time, in milliseconds, for which a process may be busy without an answer: it may be in an endless loop. */
const MAX_BUSY_MS = 10 * 60_000;

/** Smallest share of its time for which a busy process computes, on a machine with much else to do. */
const BUSY_SHARE = 0.05;

/**
 * Settles as the promise does, or resolves to `'timeout'` once the process has shown no sign of life for a while. A process
 * that works on a large request may not answer for a minute without being hung.
 */
export async function whileAlive<T>(
  promise: Promise<T>,
  look: () => Promise<LifeSigns>,
): Promise<T | 'timeout'> {
  // Looking is asynchronous; a rejection in the meantime would count as unhandled.
  promise.catch(() => {});
  let before = await look();
  for (let busyMs = 0; busyMs < MAX_BUSY_MS; busyMs += LOOK_INTERVAL_MS) {
    const result = await withTimeout(promise, LOOK_INTERVAL_MS);
    if (result !== 'timeout') return result;
    const now = await look();
    if (!showsLife(before, now)) return 'timeout';
    before = now;
  }
  return 'timeout';
}

function showsLife(before: LifeSigns, now: LifeSigns): boolean {
  if (now.writtenBytes > before.writtenBytes) return true;
  const computedSeconds = (now.cpuSeconds ?? 0) - (before.cpuSeconds ?? 0);
  return computedSeconds * 1000 >= LOOK_INTERVAL_MS * BUSY_SHARE;
}
