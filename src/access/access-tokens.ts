import { timingSafeEqual } from 'node:crypto';
import { MAIN_TOKEN, SCOPES, type Scope } from '../base/scopes.ts';
import type { DayCounts } from './day-counts.ts';
import type { Guesses } from './guesses.ts';
import type { LastUses } from './last-uses.ts';
import {
  expiredToken,
  missingScope,
  overDay,
  overRequests,
  overTurns,
  revokedToken,
  tooManyGuesses,
  unreadTokens,
  wrongToken,
} from './refusals.ts';
import type { LiveTokens } from './live-tokens.ts';
import { createRecentTimes, type RecentTimes } from './recent-times.ts';
import { createSessionKeys, type SessionKey } from './session-keys.ts';
import { digestOf, NO_LIMITS, type TokenEntry } from './token-entry.ts';
import { createTokenLookup, hasExpired, type TokenLookup } from './token-lookup.ts';

/** The one to whom a token belongs. */
interface TokenHolder {
  /** Random for a named token, so that a name that is used again is another caller. */
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Set for a browser that is signed in to the console: `id` is then that of the one who signed it in. */
  readonly browser?: BrowserHolder | undefined;
}

interface BrowserHolder {
  readonly id: string;
  readonly isReadOnly: boolean;
}

type Held = Pick<TokenHolder, 'id' | 'browser'>;

/** A request for which a caller is sought. */
interface TokenAttempt {
  /** Texts that may be tokens. */
  readonly keys: readonly string[];
  /** Address of the client. */
  readonly address: string;
  /** The key of the page beside a key from a cookie: the token of a browser counts there, with the key of its page, and nowhere else. */
  readonly pageKey?: string | undefined;
}

/** All tokens that let callers in, and what each has used. */
export interface AccessTokens {
  /** Resolves to the caller whose token is among the keys; rejects with a `GatewayError`. */
  identify(attempt: TokenAttempt): Promise<TokenHolder>;
  /**
   * Counts a request of a caller, which may come on a connection that was opened long ago. Rejects with a `GatewayError` if
   * the token does not hold any more, or is over its limit of requests.
   */
  enter(caller: Held, userAgent: string): Promise<void>;
  /** Rejects with a `GatewayError` once the token of a caller does not hold any more. Counts nothing. */
  check(caller: Held): Promise<void>;
  /** Throws a `GatewayError` if a caller may not start that many turns beside those that it has. */
  checkTurns(id: string, turns: AskedTurns): void;
  /** Returns true for the id of a token that was not revoked. */
  isToken(id: string): boolean;
  /**
   * Makes a key for the tools that a session of a caller uses, in place of an earlier one. It ends with the caller's token. Rejects
   * with a `GatewayError` if the caller may not use the tools.
   */
  makeSessionKey(session: { readonly id: string; readonly owner: string }): Promise<string>;
  /** Returns the id under which the key was a caller; undefined if there is none. */
  endSessionKey(sessionId: string): string | undefined;
  /** Counts tokens of the model. */
  addTokens(id: string, count: number): void;
  /**
   * Resolves to true if a named token has the scope, also one that has expired. One that cannot be read counts, since it may
   * have any scope.
   */
  hasNamed(scope: Scope): Promise<boolean>;
  /** Returns true for a token of the gateway, also for one that has expired or was revoked. */
  isOwn(key: string): boolean;
  close(): Promise<void>;
}

interface AskedTurns {
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
  /** Returns a new token, which looks so. */
  generate(): string;
  /** The command that runs this program, for advice in errors. */
  readonly command: string;
}

export function createAccessTokens(options: AccessTokensOptions): AccessTokens {
  const { main, named, guesses, uses, days, looksGenerated, generate, command } = options;
  const sessions = createSessionKeys(generate);
  const lookup = createTokenLookup({ own: ownToken(main), named, sessions });
  const rates = createRequestRates();
  const findHeld = (id: string) => requireHeld(lookup, id, command);

  async function readHeld(id: string): Promise<TokenEntry | SessionKey> {
    if (id !== MAIN_TOKEN) await named?.refresh();
    return findHeld(id);
  }

  const hasEnded = (digest: Buffer) => sessions.hasEnded(digest) || (named?.wasRevoked(digest) ?? false);

  return {
    async identify({ keys, address, pageKey }) {
      const found = await lookup.findAny(keys);
      const entry = found && isForPage(found, pageKey) ? found : undefined;
      if (entry === undefined) {
        if (named?.isLate()) throw unreadTokens();
        // A client that was not changed yet guesses nothing: it is not slowed down, nor others at its address.
        if (keys.map(digestOf).some(hasEnded)) throw revokedToken(command);
        throw guesses.judge(address) ? wrongToken(command) : tooManyGuesses();
      }
      if (hasExpired(entry)) throw expiredToken(entry.expires, command);
      return holderOf(lookup, entry, command);
    },
    async enter({ id, browser }, userAgent) {
      const entry = await readHeld(browser?.id ?? id);
      if (!('owner' in entry)) uses.note(entry.id, userAgent);
      const counted = browser === undefined ? entry : findHeld(id);
      rates.count(counted);
      // Other gateways may have counted for it.
      if (counted.limits.tokens !== null) await days.refresh();
    },
    async check({ id, browser }) {
      await readHeld(browser?.id ?? id);
    },
    checkTurns(id, turns) {
      // The token was good when the request began, but its body may have taken long.
      checkTurnLimits(findHeld(id), turns, days);
    },
    isToken: (id) => lookup.withId(id) !== undefined,
    async makeSessionKey({ id, owner }) {
      const entry = await readHeld(owner);
      if (!entry.scopes.includes('tools')) throw missingScope('tools');
      return sessions.make({ id, owner: entry });
    },
    endSessionKey: sessions.end,
    addTokens: days.add,
    hasNamed: async (scope) => named !== undefined && (await hasScope(named, scope)),
    isOwn: (key) => looksGenerated(key) || lookup.find(key) !== undefined,
    async close() {
      await Promise.all([uses.close(), days.close()]);
    },
  };
}

/** Returns true if a token may come as it has: that of a browser with the key of its page, and any other one without. */
function isForPage({ browser }: TokenEntry, pageKey: string | undefined): boolean {
  if (browser === undefined || pageKey === undefined) return browser === undefined && pageKey === undefined;
  return timingSafeEqual(browser.pageDigest, digestOf(pageKey));
}

async function hasScope(named: LiveTokens, scope: Scope): Promise<boolean> {
  await named.refresh();
  const keys = named.entries().filter(({ browser }) => browser === undefined);
  return named.isIncomplete() || keys.some(({ scopes }) => scopes.includes(scope));
}

/** Returns a token that holds, as it was last read. */
function requireHeld(lookup: TokenLookup, id: string, command: string): TokenEntry | SessionKey {
  const entry = lookup.withId(id);
  if (entry === undefined) throw revokedToken(command);
  if (hasExpired(entry)) throw expiredToken(entry.expires, command);
  // The key of a session ends with the token whose session it is, and a browser with the one that signed it in.
  const owner = 'owner' in entry ? entry.owner : entry.browser?.owner;
  if (owner !== undefined) requireHeld(lookup, owner, command);
  return entry;
}

/** Returns the caller to whom a token belongs: for a browser the holder of the token that signed it in. */
function holderOf(
  lookup: TokenLookup,
  { id, name, scopes, browser }: TokenEntry,
  command: string,
): TokenHolder {
  if (browser === undefined) return { id, name, scopes };
  const owner = requireHeld(lookup, browser.owner, command);
  return {
    id: owner.id,
    name,
    scopes: scopes.filter((scope) => owner.scopes.includes(scope)),
    browser: { id, isReadOnly: browser.isReadOnly },
  };
}

function ownToken(main: string): TokenEntry {
  const own = { id: MAIN_TOKEN, name: MAIN_TOKEN, digest: digestOf(main), scopes: SCOPES };
  return { ...own, created: 0, expires: null, limits: NO_LIMITS };
}

const MINUTE_MS = 60_000;

/** Counts the requests of each token within the last minute. */
function createRequestRates() {
  const rates = new Map<string, RecentTimes>();
  return {
    /** Counts a request, or throws a `GatewayError` and does not count it. */
    count({ id, name, limits: { requests } }: TokenEntry): void {
      if (requests === null) return;
      const times = rates.get(id) ?? createRecentTimes(MINUTE_MS, () => performance.now());
      rates.set(id, times);
      const waitMs = times.waitMs(requests);
      if (waitMs > 0) throw overRequests(name, { limit: requests, used: times.count(), waitMs });
      times.add();
    },
  };
}

function checkTurnLimits(
  { id, name, limits: { turns, tokens } }: TokenEntry,
  { held, asked }: AskedTurns,
  days: DayCounts,
): void {
  if (turns !== null && held + asked > turns) throw overTurns(name, { limit: turns, used: held, asked });
  const used = days.today(id);
  if (tokens !== null && used >= tokens)
    throw overDay(name, { limit: tokens, used, waitMs: days.secondsLeft() * 1_000 });
}
