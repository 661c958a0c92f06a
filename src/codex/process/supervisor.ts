import { abortable, NEVER_ABORTED } from '../../base/async/abort.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
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

/** Resolves to the child that runs; to undefined while there is none. Waits for none. */
export async function findRunning<Child>({
  current,
}: Pick<Supervisor<Child>, 'current'>): Promise<Child | undefined> {
  const child = await withTimeout(current(NEVER_ABORTED), 0).catch(() => 'timeout' as const);
  return child === 'timeout' ? undefined : child;
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
export async function supervise<Child extends SupervisedChild>(
  options: SupervisorOptions<Child>,
): Promise<Supervisor<Child>> {
  const supervisor = new ChildSupervisor(options);
  await supervisor.begin();
  return {
    current: (signal) => supervisor.current(signal),
    restartSeconds: () => supervisor.restartSeconds(),
    close: () => supervisor.close(),
  };
}

class ChildSupervisor<Child extends SupervisedChild> implements Supervisor<Child> {
  readonly #options: SupervisorOptions<Child>;
  readonly #closing = new AbortController();
  #current: Promise<Child>;
  /** Starts that failed, and children that ended soon, since one has lived well. */
  #failures = 0;
  /** Time of the latest good start. */
  #startedAt = performance.now();
  /** Time of the next start; undefined while none is planned. */
  #nextStartAt: number | undefined;

  constructor(options: SupervisorOptions<Child>) {
    this.#options = options;
    this.#current = options.start(this.#closing.signal);
  }

  async begin(): Promise<void> {
    this.#watch(await this.#current);
  }

  #watch(child: Child): void {
    const { observer } = this.#options;
    this.#startedAt = performance.now();
    void child.exited.then(({ code, signal }) => {
      if (this.#closing.signal.aborted) return;
      if (this.#hasLivedWell()) this.#failures = 0;
      const delayMs = this.#delayMs();
      observer.observe({ type: 'app-server-end', code, signal, delayMs });
      this.#restart(delayMs);
    });
  }

  #hasLivedWell(): boolean {
    return performance.now() - this.#startedAt > GOOD_LIFE_MS;
  }

  /** Returns the milliseconds before the next start. */
  #delayMs(): number {
    return DELAYS_MS[Math.min(this.#failures, DELAYS_MS.length - 1)]!;
  }

  #restart(delayMs: number): void {
    const { observer } = this.#options;
    this.#failures += 1;
    this.#current = this.#startAfter(delayMs);
    this.#current.then(
      (child) => this.#watch(child),
      (error: unknown) => {
        if (this.#closing.signal.aborted) return;
        const nextMs = this.#delayMs();
        observer.observe({ type: 'app-server-start-failed', problem: messageOf(error), delayMs: nextMs });
        this.#restart(nextMs);
      },
    );
  }

  async #startAfter(delayMs: number): Promise<Child> {
    const { signal } = this.#closing;
    if (delayMs > 0) {
      this.#nextStartAt = performance.now() + delayMs;
      await sleep(delayMs, signal);
    }
    this.#nextStartAt = undefined;
    return await this.#options.start(signal);
  }

  restartSeconds(): number {
    const aheadMs = this.#hasLivedWell() ? DELAYS_MS[0]! : this.#delayMs();
    const leftMs = this.#nextStartAt === undefined ? aheadMs : this.#nextStartAt - performance.now();
    return Math.max(1, Math.ceil(leftMs / 1000));
  }

  async current(signal: AbortSignal): Promise<Child> {
    for (;;) {
      const awaited = this.#current;
      try {
        return await abortable(awaited, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (this.#current === awaited || !this.#isDueSoon()) throw unavailable(error, this.restartSeconds());
      }
    }
  }

  /** Returns true if the next start is worth waiting for. */
  #isDueSoon(): boolean {
    const leftMs = (this.#nextStartAt ?? Infinity) - performance.now();
    return !this.#closing.signal.aborted && leftMs <= MAX_PATIENCE_MS;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const child = await this.#current.catch(() => undefined);
    await child?.close();
  }
}

function unavailable(cause: unknown, retryAfter: number): GatewayError {
  const message = `Codex cannot be started at the moment. The next attempt is in ${retryAfter} s; the log says why.`;
  return new GatewayError('codex_unavailable', message, { cause, retryAfter });
}
