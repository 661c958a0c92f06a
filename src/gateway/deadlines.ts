import { GatewayError } from '../base/errors.ts';

/** How long a request may wait, in seconds. */
export interface Deadlines {
  /** For Codex to start, for a place among the running turns, and for Codex to take the conversation when its turn has come. */
  readonly start: number;
  /** For the provider's first sign of life. */
  readonly firstByte: number;
  /** For the whole turn. */
  readonly turn: number;
}

export interface DeadlineClock {
  /** Aborts with the caller's signal, or when a deadline passes. */
  readonly signal: AbortSignal;
  /** Starts the named deadline, unless the clock was stopped; the returned function says that it was kept. */
  begin(name: keyof Deadlines): () => void;
  /** Stops all deadlines, for good. */
  stop(): void;
}

const EXPIRED: Readonly<Record<keyof Deadlines, (seconds: number) => GatewayError>> = {
  start: (seconds) =>
    new GatewayError(
      'codex_unavailable',
      `This request could not be started within ${seconds} s. Try again.`,
      {
        retryAfter: 5,
      },
    ),
  firstByte: (seconds) =>
    new GatewayError('upstream_timeout', `The model provider sent nothing within ${seconds} s.`),
  turn: (seconds) =>
    new GatewayError('upstream_timeout', `The model provider did not finish within ${seconds} s.`),
};

export function createDeadlineClock(deadlines: Deadlines, caller: AbortSignal): DeadlineClock {
  const controller = new AbortController();
  const timers = new Set<ReturnType<typeof setTimeout>>();
  let stopped = false;
  return {
    signal: AbortSignal.any([caller, controller.signal]),
    begin(name) {
      // A turn may get its place in the moment in which its reader leaves: a timer would keep the process alive.
      if (stopped) return () => {};
      const seconds = deadlines[name];
      const timer = setTimeout(() => controller.abort(EXPIRED[name](seconds)), seconds * 1000);
      timers.add(timer);
      return () => clearTimeout(timer);
    },
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
