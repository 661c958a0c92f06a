import { abortable } from '../../base/async/abort.ts';
import { sleep } from '../../base/async/sleep.ts';
import { GatewayError, messageOf } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import type { Exit } from './child-process.ts';

/** The part of a child that its supervisor needs. */
export interface SupervisedChild {
  readonly exited: Promise<Exit>;
  close(): Promise<void>;
}

/** Keeps one child running: a child that ends is started again at once, and after that with growing delays. */
export interface Supervisor<Child> {
  /** Resolves to the running child, waiting for one that starts or is about to; rejects when that start fails. */
  current(signal: AbortSignal): Promise<Child>;
  /** Ends the child; nothing is started any more. */
  close(): Promise<void>;
}

/** Milliseconds before each further start while starts fail or children end soon. */
const DELAYS_MS = [0, 500, 1_000, 2_000, 5_000, 10_000, 30_000];

/** Milliseconds after which a child counts as started well, and the delays begin again with the first. */
const GOOD_LIFE_MS = 10_000;

export interface SupervisorOptions<Child> {
  readonly observer: Observer;
  /** Starts a child, and ends it again when the signal aborts. */
  start(signal: AbortSignal): Promise<Child>;
}

/** Starts the first child; rejects when that fails. */
export async function supervise<Child extends SupervisedChild>({
  start,
  observer,
}: SupervisorOptions<Child>): Promise<Supervisor<Child>> {
  const closing = new AbortController();
  const launch = () => start(closing.signal);
  let current = launch();
  let failures = 0;
  watch(await current);

  function watch(child: Child) {
    const startedAt = performance.now();
    void child.exited.then(({ code, signal }) => {
      if (closing.signal.aborted) return;
      observer.observe({ type: 'app-server-end', code, signal });
      if (performance.now() - startedAt > GOOD_LIFE_MS) failures = 0;
      restart();
    });
  }

  function restart() {
    const delayMs = DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)]!;
    failures += 1;
    const next = delayMs === 0 ? launch() : sleep(delayMs, closing.signal).then(launch);
    current = next;
    next.then(watch, (error: unknown) => {
      if (closing.signal.aborted) return;
      observer.observe({ type: 'app-server-start-failed', problem: messageOf(error) });
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
      const child = await current.catch(() => undefined);
      await child?.close();
    },
  };
}
