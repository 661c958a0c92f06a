import { timingSafeEqual } from 'node:crypto';
import { GatewayError } from '../base/errors.ts';
import { SCOPES, type Scope } from '../base/scopes.ts';
import type { DayCounts } from './day-counts.ts';
import type { Guesses } from './guesses.ts';
import type { LastUses } from './last-uses.ts';
import { expiredToken, overDay, overRequests, overTurns, tooManyGuesses, wrongToken } from './refusals.ts';
import type { LiveTokens } from './live-tokens.ts';
import { createRecentTimes, type RecentTimes } from './recent-times.ts';
import { digestOf, NO_LIMITS, type TokenEntry } from './token-entry.ts';

/** Name and id of the gateway's own token, which has every scope and no limits. */
export const MAIN_TOKEN = 'main';

/** The one to whom a token belongs. */
export interface TokenHolder {
  /** Random for a named token, so that a name that is used again is another caller. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** A request for which a caller is sought. */
export interface TokenAttempt {
  /** Texts that may be tokens. */
  readonly keys: readonly string[];
  /** Address of the client. */
  readonly address: string;
}

/** All tokens that let callers in, and what each has used. */
export interface AccessTokens {
  /** Resolves to the caller whose token is among the keys; rejects with a `GatewayError`. */
  identify(attempt: TokenAttempt): Promise<TokenHolder>;
  /**
   * Counts a request of a caller, which may come on a connection that was opened long ago. Rejects with a `GatewayError` if
   * the token does not hold any more, or is over its limit of requests.
   */
  enter(caller: Pick<TokenHolder, 'id'>, userAgent: string): Promise<void>;
  /** Throws a `GatewayError` if a caller may not start that many turns beside those that it has. */
  checkTurns(id: string, turns: AskedTurns): void;
  /** Counts tokens of the model. */
  addTokens(id: string, count: number): void;
  /** Returns true for a token of the gateway, also for one that has expired or was revoked. */
  isOwn(key: string): boolean;
  close(): Promise<void>;
}

export interface AskedTurns {
  /** Turns that the caller has, running and waiting. */
  readonly held: number;
  readonly asked: number;
}

export interface AccessTokensOptions {
  /** The gateway's own token. */
  readonly main: string;
  /** The named tokens; undefined where there are none. */
  readonly named: LiveTokens | undefined;
  readonly guesses: Guesses;
  readonly uses: LastUses;
  readonly days: DayCounts;
  /** Returns true for a text that looks like a token that a gateway has made. */
  looksGenerated(text: string): boolean;
  /** The command that runs this program, for advice in errors. */
  readonly command: string;
}

const MINUTE_MS = 60_000;

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { main, named, guesses, uses, days, looksGenerated, command } = options;
  const own: TokenEntry = {
    id: MAIN_TOKEN,
    name: MAIN_TOKEN,
    digest: digestOf(main),
    scopes: SCOPES,
    created: 0,
    expires: null,
    limits: NO_LIMITS,
  };
  const all = () => [own, ...(named?.entries() ?? [])];
  const withId = (id: string) => all().find((entry) => entry.id === id);
  const rates = new Map<string, RecentTimes>();

  /** Compares digests, all of one length, with every entry: the time it takes says nothing about any token. */
  function find(key: string): TokenEntry | undefined {
    const given = digestOf(key);
    let found: TokenEntry | undefined;
    for (const entry of all()) if (timingSafeEqual(given, entry.digest)) found = entry;
    return found;
  }

  /** Counts a request within the minute, or throws. */
  function countRequest({ id, name, limits: { requests } }: TokenEntry): void {
    if (requests === null) return;
    const times = rates.get(id) ?? createRecentTimes(MINUTE_MS, () => performance.now());
    rates.set(id, times);
    const waitMs = times.waitMs(requests);
    if (waitMs > 0) throw overRequests(name, { limit: requests, used: times.count(), waitMs });
    times.add();
  }

  return {
    async identify({ keys, address }) {
      await named?.refresh();
      const findAll = () => keys.map(find).filter((entry) => entry !== undefined);
      let found = findAll();
      if (found.length === 0 && named !== undefined) {
        // The token may have been added a moment ago.
        await named.refreshNow();
        found = findAll();
      }
      const entry = found.find((candidate) => !isExpired(candidate)) ?? found[0];
      if (entry === undefined) throw guesses.judge(address) ? wrongToken(command) : tooManyGuesses();
      if (isExpired(entry)) throw expiredToken(entry.expires, command);
      const { id, name, scopes } = entry;
      return { id, name, scopes };
    },
    async enter({ id }, userAgent) {
      await named?.refresh();
      const entry = withId(id);
      if (entry === undefined) throw wrongToken(command);
      if (isExpired(entry)) throw expiredToken(entry.expires, command);
      uses.note(id, userAgent);
      countRequest(entry);
    },
    checkTurns(id, { held, asked }) {
      const entry = withId(id);
      if (entry === undefined) return;
      const { name, limits } = entry;
      if (limits.turns !== null && held + asked > limits.turns)
        throw overTurns(name, { limit: limits.turns, used: held, asked });
      if (limits.tokens !== null && days.today(id) >= limits.tokens)
        throw overDay(name, {
          limit: limits.tokens,
          used: days.today(id),
          waitMs: days.secondsLeft() * 1_000,
        });
    },
    addTokens: days.add,
    isOwn: (key) => looksGenerated(key) || find(key) !== undefined,
    async close() {
      await Promise.all([uses.close(), days.close()]);
    },
  };
}

function isExpired(entry: TokenEntry): entry is TokenEntry & { readonly expires: number } {
  return entry.expires !== null && entry.expires <= Date.now();
}
