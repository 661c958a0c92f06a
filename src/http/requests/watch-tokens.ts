import { MAIN_TOKEN } from '../../base/scopes.ts';
import type { Caller } from './context.ts';
import type { TokenChecks } from './token-checks.ts';

/** Milliseconds between two looks at the tokens of running requests. */
const LOOK_MS = 250;

/** Milliseconds for the last answers on connections, before the requests that are still running are ended. */
const FAREWELL_MS = 50;

/** A running request. */
interface WatchedRequest {
  readonly caller: Caller;
  /** Ends it with a `GatewayError` that says why. */
  end(reason: unknown): void;
  /** Says farewell on all connections of the caller; called once before its requests are ended. */
  readonly onLost?: FarewellToCaller | undefined;
}

/** @param callerId Id of a caller whose token does not hold any more. */
export type FarewellToCaller = (callerId: string, reason: unknown) => Promise<void>;

/** Ends the requests of callers whose token was revoked or has expired since: a stream would go on for hours. */
export interface TokenWatch {
  /** Returns a function that ends the watch. */
  watch(request: WatchedRequest): () => void;
}

export function createTokenWatch(tokens: Pick<TokenChecks, 'check'> | undefined): TokenWatch {
  const open = new Set<WatchedRequest>();
  let timer: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    for (const requests of Map.groupBy(open, ({ caller }) => tokenIdOf(caller)).values()) {
      const { caller } = requests[0]!;
      try {
        await tokens?.check(caller);
      } catch (error) {
        await sayFarewell(requests, error);
        setTimeout(() => endAll(tokenIdOf(caller), error), FAREWELL_MS).unref();
      }
    }
    wait();
  }

  function endAll(tokenId: string, reason: unknown): void {
    for (const { caller, end } of open) if (tokenIdOf(caller) === tokenId) end(reason);
  }

  function wait(): void {
    timer = open.size === 0 ? undefined : setTimeout(() => void look(), LOOK_MS).unref();
  }

  return {
    watch(request) {
      // The gateway's own token holds as long as the gateway runs.
      if (tokens === undefined || tokenIdOf(request.caller) === MAIN_TOKEN) return () => {};
      open.add(request);
      if (timer === undefined) wait();
      return () => open.delete(request);
    },
  };
}

/** Returns the id of the token itself: that of a browser is not that of the caller in whose name it acts. */
function tokenIdOf({ id, browser }: Caller): string {
  return browser?.id ?? id;
}

async function sayFarewell(requests: readonly WatchedRequest[], reason: unknown): Promise<void> {
  const { caller } = requests[0]!;
  // The caller of a browser may have further tokens.
  if (caller.browser !== undefined) return;
  const farewells = new Set(requests.map(({ onLost }) => onLost));
  await Promise.all([...farewells].map(async (onLost) => await onLost?.(caller.id, reason)));
}
