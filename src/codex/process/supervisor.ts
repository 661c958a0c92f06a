import { abortable } from '../../base/async/abort.ts';
import { GatewayError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { AppServer } from './app-server.ts';

/** Keeps one app-server running: one that dies is started again at once. */
export interface Supervisor {
  /** The running app-server; waits for one that starts or is about to, and rejects when that start fails. */
  current(signal: AbortSignal): Promise<AppServer>;
  /** Ends the child; nothing is started any more. */
  close(): Promise<void>;
}

/** Milliseconds between starts that fail, or children that die young. */
const DELAYS = [0, 500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** A child that lived this long, in milliseconds, had a good start. */
const GOOD_LIFE = 10_000;

export interface SupervisorOptions {
  readonly log: Log;
  /** Starts a child, and ends it again when the signal aborts. */
  start(signal: AbortSignal): Promise<AppServer>;
}

/** Starts the first app-server; rejects when that fails. */
export async function superviseAppServer({ start, log }: SupervisorOptions): Promise<Supervisor> {
  const closing = new AbortController();
  const launch = () => start(closing.signal);
  let current = launch();
  let failures = 0;
  const first = await current;
  watch(first);

  function watch(server: AppServer) {
    const born = performance.now();
    void server.exited.then(({ code, signal }) => {
      if (closing.signal.aborted) return;
      log.error('codex app-server ended, starting it again', { code, signal });
      failures = performance.now() - born > GOOD_LIFE ? 0 : failures;
      restart();
    });
  }

  function restart() {
    const delay = DELAYS[Math.min(failures, DELAYS.length - 1)]!;
    failures += 1;
    const next = delay === 0 ? launch() : sleep(delay, closing.signal).then(launch);
    current = next;
    next.then(watch, (error: unknown) => {
      if (closing.signal.aborted) return;
      log.error('codex app-server did not start', { problem: messageOf(error) });
      restart();
    });
  }

  return {
    async current(signal) {
      try {
        return await abortable(current, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw new GatewayError('codex_unavailable', 'Codex cannot be started at the moment.', {
          cause: error,
          retryAfter: 5,
        });
      }
    },
    async close() {
      closing.abort();
      const server = await current.catch(() => undefined);
      await server?.close();
    },
  };
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await abortable(promise, signal).finally(() => clearTimeout(timer));
}
