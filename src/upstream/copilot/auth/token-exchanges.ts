import { abortable, NEVER_ABORTED } from '../../../base/async/abort.ts';
import { withTimeout } from '../../../base/async/with-timeout.ts';
import type { GithubAccess } from './ask-github.ts';
import { exchangeToken, isRefusal, type ExchangeRefusal } from './exchange-token.ts';
import { signedOut } from './sign-in-errors.ts';
import type { CopilotToken } from './token-file.ts';
import { isExpired } from './token-kinds.ts';

/** A GitHub token that is exchanged for Copilot's own tokens. */
export interface ExchangedLogin {
  readonly githubToken: string;
  /** The Copilot token that is kept with it in a file. */
  readonly kept: CopilotToken | undefined;
  /** The step by which a user replaces a login that does not work. */
  readonly advice: string;
  /** Keeps a new token; must not reject. This process holds the token in any case. */
  save(token: CopilotToken): Promise<void>;
}

/** The Copilot tokens of all logins, with one exchange at a time for each. */
export interface TokenExchanges {
  /** Resolves to a token that has not expired. Callers that wait for one exchange do not abort it. */
  current(login: ExchangedLogin, signal: AbortSignal): Promise<CopilotToken>;
  /**
   * Resolves to another token than the one that Copilot has refused: the one that is held in the meantime, or a new
   * one; to undefined if tokens are not refreshed.
   */
  renew(login: ExchangedLogin, refused: string, signal: AbortSignal): Promise<CopilotToken | undefined>;
}

export interface TokenExchangesOptions {
  readonly access: GithubAccess;
  readonly refreshes: boolean;
  readonly expiryBufferSeconds: number;
}

interface Entry {
  /** The token of the latest exchange. */
  latest?: CopilotToken & { readonly obtainedAtMs: number };
  /** The kept token that it replaces, which stays in the file if it cannot be saved. */
  replaced?: string | undefined;
  running?: Promise<CopilotToken> | undefined;
  /** A rate limit of GitHub. */
  limit?: ExchangeRefusal | undefined;
  /** Time of the next attempt to refresh a token that is still valid. */
  retryAtMs: number;
}

/** Maximum logins whose tokens are held; callers may send some of their own. */
const MAX_LOGINS = 100;
/** Maximum milliseconds for which a request with a token that is still valid waits for another one. */
const EARLY_WAIT_MS = 5_000;
/** Milliseconds between two attempts to refresh a token that is still valid. */
const RETRY_MS = 30_000;

export function createTokenExchanges(options: TokenExchangesOptions): TokenExchanges {
  const { access, refreshes } = options;
  const bufferMs = options.expiryBufferSeconds * 1000;
  const entries = new Map<string, Entry>();

  /** Starts an exchange, or joins the one that is running. */
  async function exchange(login: ExchangedLogin, entry: Entry, signal: AbortSignal): Promise<CopilotToken> {
    entry.running ??= exchangeInto(entry, login, access).finally(() => (entry.running = undefined));
    // A failure is reported to those that wait for it, if anyone does.
    entry.running.catch(() => {});
    return await abortable(entry.running, signal);
  }

  async function current(login: ExchangedLogin, signal: AbortSignal): Promise<CopilotToken> {
    const entry = entryOf(entries, login.githubToken);
    const held = heldToken(entry, login.kept);
    if (held === undefined) return await exchange(login, entry, signal);
    const isValid = !isExpired(held);
    const isEarly = Date.now() < Math.max(refreshAtMs(held, entry, bufferMs), entry.retryAtMs);
    if (isValid && (isEarly || !refreshes)) return held;
    if (!refreshes) {
      throw signedOut(
        "Copilot's token has expired, and COPILOT_TOKEN_REFRESH turns the refresh off.",
        login.advice,
      );
    }
    if (!isValid) return await exchange(login, entry, signal);
    const early = exchange(login, entry, signal).catch(() => undefined);
    const token = await withTimeout(early, EARLY_WAIT_MS);
    signal.throwIfAborted();
    if (typeof token === 'object') return token;
    entry.retryAtMs = Date.now() + RETRY_MS;
    return held;
  }

  return {
    current,
    async renew(login, refused, signal) {
      const entry = entryOf(entries, login.githubToken);
      const held = heldToken(entry, login.kept);
      if (held?.bearer !== refused) return await current(login, signal);
      return refreshes ? await exchange(login, entry, signal) : undefined;
    },
  };
}

/** @param entries By GitHub token; the one that was used last is the last. */
function entryOf(entries: Map<string, Entry>, githubToken: string): Entry {
  const entry = entries.get(githubToken) ?? { retryAtMs: 0 };
  entries.delete(githubToken);
  entries.set(githubToken, entry);
  for (const oldest of entries.keys()) {
    if (entries.size <= MAX_LOGINS) break;
    entries.delete(oldest);
  }
  return entry;
}

/** Returns the time from which a token is refreshed early: a short life is used for half of it at least. */
function refreshAtMs(
  { bearer, expiresAtMs = Infinity }: CopilotToken,
  { latest }: Entry,
  bufferMs: number,
): number {
  const lifeMs = latest?.bearer === bearer ? expiresAtMs - latest.obtainedAtMs : Infinity;
  return expiresAtMs - Math.min(bufferMs, lifeMs / 2);
}

/** Returns the token in the file, which another process may have written, unless it is older than the latest one here. */
function heldToken({ latest, replaced }: Entry, kept: CopilotToken | undefined): CopilotToken | undefined {
  const isOld = kept === undefined || kept.bearer === replaced || isExpired(kept);
  return isOld ? (latest ?? kept) : kept;
}

async function exchangeInto(
  entry: Entry,
  login: ExchangedLogin,
  access: GithubAccess,
): Promise<CopilotToken> {
  const { githubToken, kept, advice } = login;
  if (entry.limit?.untilMs !== undefined && entry.limit.untilMs > Date.now()) throw entry.limit.error;
  const result = await exchangeToken(access, githubToken, advice, NEVER_ABORTED);
  if (isRefusal(result)) {
    entry.limit = result;
    throw result.error;
  }
  entry.limit = undefined;
  entry.latest = { ...result, obtainedAtMs: Date.now() };
  entry.replaced = kept?.bearer;
  await login.save(result);
  return result;
}
