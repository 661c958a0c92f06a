import { GatewayError } from '../../base/errors.ts';

/** The time limits of a request. */
export interface Deadlines {
  /** Seconds for Codex to start, and again for it to take the conversation once the turn has its place. */
  readonly start: number;
  /** Seconds until the provider's first sign of life. */
  readonly firstByte: number;
  /** Seconds for the complete turn. */
  readonly turn: number;
}

/** The deadlines that are running. */
export interface DeadlineClock {
  begin(name: keyof Deadlines): void;
  end(name: keyof Deadlines): void;
  /** Begins a deadline in place of a running one; does nothing if that is not running. */
  replace(name: keyof Deadlines, next: keyof Deadlines): void;
  endAll(): void;
}

/** Does work under deadlines, which end with it. Aborts the controller with a `GatewayError` when one of them passes. */
export async function withDeadlines<T>(
  deadlines: Deadlines,
  controller: AbortController,
  work: (clock: DeadlineClock) => Promise<T>,
): Promise<T> {
  const clock = createClock(deadlines, controller);
  try {
    return await work(clock);
  } finally {
    clock.endAll();
  }
}

function createClock(deadlines: Deadlines, controller: AbortController): DeadlineClock {
  const timers = new Map<keyof Deadlines, ReturnType<typeof setTimeout>>();

  function begin(name: keyof Deadlines): void {
    end(name);
    const seconds = deadlines[name];
    timers.set(
      name,
      setTimeout(() => controller.abort(EXPIRED[name](seconds)), seconds * 1000),
    );
  }

  function end(name: keyof Deadlines): void {
    const timer = timers.get(name);
    if (timer === undefined) return;
    clearTimeout(timer);
    timers.delete(name);
  }

  return {
    begin,
    end,
    replace(name, next) {
      if (!timers.has(name)) return;
      end(name);
      begin(next);
    },
    endAll() {
      for (const name of timers.keys()) end(name);
    },
  };
}

const EXPIRED: Readonly<Record<keyof Deadlines, (seconds: number) => GatewayError>> = {
  start: (seconds) =>
    new GatewayError('start_timeout', `This request could not be started within ${seconds} s. Try again.`, {
      retryAfter: 5,
    }),
  firstByte: (seconds) =>
    new GatewayError('first_byte_timeout', `The model provider sent nothing within ${seconds} s.`),
  turn: (seconds) =>
    new GatewayError('turn_timeout', `The model provider did not finish within ${seconds} s.`),
};
