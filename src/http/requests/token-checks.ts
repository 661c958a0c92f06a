import type { Caller } from './context.ts';

/** The tokens that let callers in. */
export interface TokenChecks {
  /** Resolves to the caller whose token is among the keys; rejects with a `GatewayError`. */
  identify(attempt: {
    readonly keys: readonly string[];
    readonly address: string;
    /** The key of the page beside a key from a cookie. */
    readonly pageKey?: string | undefined;
  }): Promise<Caller>;
  /**
   * Counts a request of a caller, which may come on a connection that was opened long ago. Rejects with a `GatewayError` if
   * the token does not hold any more, or is over its limit.
   */
  enter(caller: Caller, userAgent: string): Promise<void>;
  /** Rejects with a `GatewayError` once the token of a caller does not hold any more. Counts nothing. */
  check(caller: Caller): Promise<void>;
  /** Resolves to false while every caller is let in. Left out by a server that always asks for a token. */
  isRequired?(): Promise<boolean>;
  /** Returns true for a token of the gateway. */
  isOwn(key: string): boolean;
}
