import type { Caller } from '../requests/context.ts';
import type { TokenChecks } from '../requests/token-checks.ts';

/** Milliseconds between two looks at the tokens of open connections. */
const LOOK_MS = 250;

/** Milliseconds for the last answers on connections, before those that are still open are ended. */
const FAREWELL_MS = 50;

/** A connection that is watched. */
interface Watched {
  /** Aborts with a `GatewayError` once the token of the caller does not hold any more. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** Watches the tokens of callers whose connections stay open for long: nothing is asked for a token on those. */
export interface CallerWatch {
  watch(caller: Caller): Watched;
}

/** @param onLost Called with the id of a caller whose token does not hold any more, before its connections are ended. */
export function createCallerWatch(
  tokens: Pick<TokenChecks, 'check'> | undefined,
  onLost: (callerId: string, error: unknown) => Promise<void>,
): CallerWatch {
  const open = new Map<AbortController, Caller>();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    const callers = new Map([...open.values()].map((caller) => [caller.id, caller]));
    for (const caller of callers.values()) {
      try {
        await tokens?.check(caller);
      } catch (error) {
        await onLost(caller.id, error);
        setTimeout(() => endAll(caller.id, error), FAREWELL_MS).unref();
      }
    }
    wait();
  }

  function endAll(callerId: string, reason: unknown): void {
    for (const [controller, { id }] of open) if (id === callerId) controller.abort(reason);
  }

  function wait(): void {
    timer = open.size === 0 ? undefined : setTimeout(() => void look(), LOOK_MS).unref();
  }

  return {
    watch(caller) {
      const controller = new AbortController();
      if (tokens !== undefined) open.set(controller, caller);
      if (timer === undefined) wait();
      return { signal: controller.signal, stop: () => open.delete(controller) };
    },
  };
}
