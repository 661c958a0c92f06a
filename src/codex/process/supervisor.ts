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
  /**
   * Resolves to the running child, waiting for one that starts or is about to. Rejects with a `GatewayError` when that start
   * fails and the next one is not due soon.
   */
  current(signal: AbortSignal): Promise<Child>;
  /** Returns the whole seconds, at least one, until another child is started; if one runs, until then if it ended now. */
  restartSeconds(): number;
  /** Ends the child; nothing is started any more. */
  close(): Promise<void>;
}

/** Milliseconds before each further start while starts fail or children end soon: always less than five seconds. */
const DELAYS_MS = [0, 500, 1_000, 2_000, 4_500];

/** Milliseconds that a caller whose child did not start waits for the next attempt. */
const MAX_PATIENCE_MS = 1_000;

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
  /** Time of the latest good start, and of the next start after it; undefined if it is not needed or has come. */
  let startedAt = performance.now();
  let nextStartAt: number | undefined;
  watch(await current);

  function watch(child: Child) {
    startedAt = performance.now();
    void child.exited.then(({ code, signal }) => {
      if (closing.signal.aborted) return;
      if (hasLivedWell()) failures = 0;
      const delayMs = nextDelayMs();
      observer.observe({ type: 'app-server-end', code, signal, delayMs });
      restart(delayMs);
    });
  }

  const hasLivedWell = () => performance.now() - startedAt > GOOD_LIFE_MS;

  const nextDelayMs = () => DELAYS_MS[Math.min(failures, DELAYS_MS.length - 1)]!;

  async function launchAfter(delayMs: number): Promise<Child> {
    if (delayMs > 0) {
      nextStartAt = performance.now() + delayMs;
      await sleep(delayMs, closing.signal);
    }
    nextStartAt = undefined;
    return await launch();
  }

  function restart(delayMs: number) {
    failures += 1;
    current = launchAfter(delayMs);
    current.then(watch, (error: unknown) => {
      if (closing.signal.aborted) return;
      const nextMs = nextDelayMs();
      observer.observe({ type: 'app-server-start-failed', problem: messageOf(error), delayMs: nextMs });
      restart(nextMs);
    });
  }

  function restartSeconds(): number {
    const aheadMs = hasLivedWell() ? DELAYS_MS[0]! : nextDelayMs();
    const leftMs = nextStartAt === undefined ? aheadMs : nextStartAt - performance.now();
    return Math.max(1, Math.ceil(leftMs / 1000));
  }

  return {
    restartSeconds,
    async current(signal) {
      for (;;) {
        const awaited = current;
        try {
          return await abortable(awaited, signal);
        } catch (error) {
          signal.throwIfAborted();
          const isDueSoon = nextStartAt !== undefined && nextStartAt - performance.now() <= MAX_PATIENCE_MS;
          if (!closing.signal.aborted && current !== awaited && isDueSoon) continue;
          throw unavailable(error, restartSeconds());
        }
      }
    },
    async close() {
      closing.abort();
      const child = await current.catch(() => undefined);
      await child?.close();
    },
  };
}

function unavailable(cause: unknown, retryAfter: number): GatewayError {
  const message = `Codex cannot be started at the moment. The next attempt is in ${retryAfter} s; the log says why.`;
  return new GatewayError('codex_unavailable', message, { cause, retryAfter });
}
