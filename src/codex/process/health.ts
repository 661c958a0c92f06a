import type { Log } from '../../base/log.ts';
import type { Connection } from '../protocol/connection.ts';
import type { ChildProcess } from './process.ts';
import { whileAlive } from './while-alive.ts';

/** Looks after a child that is silent. */
export interface Health {
  /**
   * Asks whether it still answers, and ends it if it hangs. Resolves to true where it was only busy, for longer than an
   * answer takes.
   */
  check(): Promise<boolean>;
  /** Settles as the promise does, or resolves to `'timeout'` once the child has shown no sign of life for a while. */
  whileAlive<T>(promise: Promise<T>): Promise<T | 'timeout'>;
}

/** Milliseconds that an app-server takes for an answer at most which has nothing else to do. */
const QUICK = 1_000;

/** @param connect Returns the connection to the child, which there is by the first check. */
export function createHealth(
  child: ChildProcess,
  connect: () => Pick<Connection, 'ping' | 'received'>,
  log: Log,
): Health {
  let checking: Promise<boolean> | undefined;

  const look = async () => ({ cpuSeconds: await child.cpuSeconds(), written: connect().received });

  async function check(): Promise<boolean> {
    const start = performance.now();
    const answered = await whileAlive(connect().ping(), look);
    if (answered !== 'timeout') return performance.now() - start > QUICK;
    log.error('codex app-server does not answer, ending it');
    child.kill();
    return false;
  }

  return {
    async check() {
      // One check is enough for all who want to know.
      checking ??= check().finally(() => (checking = undefined));
      return await checking;
    },
    whileAlive: async (promise) => await whileAlive(promise, look),
  };
}
