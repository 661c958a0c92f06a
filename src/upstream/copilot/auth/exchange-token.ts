import { excerpt } from '../../../base/excerpt.ts';
import { GatewayError } from '../../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { askedWait } from '../transport/rate-limit.ts';
import { githubUrls } from '../transport/urls.ts';
import { askGithub, isRateLimited, type GithubAccess, type GithubAnswer } from './ask-github.ts';
import { signedOut } from './sign-in-errors.ts';
import type { CopilotToken } from './token-file.ts';
import { isToken } from './token-kinds.ts';

/** An exchange that GitHub has refused. */
export interface ExchangeRefusal {
  readonly error: GatewayError;
  /** Milliseconds since 1970 until which GitHub should not be asked again; undefined if it may be. */
  readonly untilMs?: number;
}

/** Seconds that are added to `refresh_in`, as editors do: clocks differ, so `expires_at` is not used. */
const MARGIN_SECONDS = 60;
/** Milliseconds for which a rate limit counts if its end is unknown, and at most. */
const LIMIT_MS = 60_000;
const MAX_LIMIT_MS = 3_600_000;

/**
 * Exchanges a GitHub token for one of Copilot's own. Rejects with `copilot_auth_unreachable` if there is no answer.
 * @param advice The step by which the user replaces a token that does not work.
 */
export async function exchangeToken(
  access: GithubAccess,
  githubToken: string,
  advice: string,
  signal: AbortSignal,
): Promise<CopilotToken | ExchangeRefusal> {
  const question = { url: githubUrls(access.urls).token, authorization: `token ${githubToken}` };
  const answer = await askGithub(access, question, signal);
  if (answer.status === 200) return decodeToken(answer.body) ?? { error: unreadable(answer) };
  return refusalOf(answer, advice);
}

export function isRefusal(result: CopilotToken | ExchangeRefusal): result is ExchangeRefusal {
  return 'error' in result;
}

function decodeToken(body: JsonObject = {}): CopilotToken | undefined {
  const { token, expires_at: expiresAt, refresh_in: refreshIn, endpoints } = body;
  if (typeof token !== 'string' || !isToken(token)) return undefined;
  const expiresAtMs = expiryOf(expiresAt, refreshIn);
  if (expiresAtMs === undefined) return undefined;
  const { api } = isJsonObject(endpoints) ? endpoints : {};
  const endpoint = typeof api === 'string' && api !== '' ? api.replace(/\/+$/, '') : undefined;
  return { bearer: token, endpoint, expiresAtMs };
}

function expiryOf(expiresAt: unknown, refreshIn: unknown): number | undefined {
  if (typeof refreshIn === 'number') return Date.now() + (refreshIn + MARGIN_SECONDS) * 1000;
  return typeof expiresAt === 'number' ? expiresAt * 1000 : undefined;
}

function refusalOf(answer: GithubAnswer, advice: string): ExchangeRefusal {
  const { status, body = {} } = answer;
  if (isRateLimited(answer)) return limited(answer);
  if (status >= 500) {
    const problem = `GitHub answered with status ${status} when it was asked for a Copilot token.`;
    return { error: new GatewayError('copilot_auth_unreachable', problem) };
  }
  if (status === 401) return { error: signedOut('GitHub does not accept the login for Copilot.', advice) };
  if (status !== 403 && status !== 404) return { error: unreadable(answer) };
  return { error: signedOut(`GitHub gives no Copilot token for this login: ${explain(body)}`, advice) };
}

/** Returns GitHub's own explanation, which says what to do where there is no subscription. */
function explain({ error_details: details, message }: JsonObject): string {
  const { title, message: detail, url } = isJsonObject(details) ? details : {};
  const texts = [title, detail, url, details === undefined ? message : undefined]
    .filter((text) => typeof text === 'string' && text !== '')
    .map((text) => excerpt(oneLine(text as string), 500).replace(/\.$/, ''));
  return texts.length === 0 ? 'it has no access to Copilot.' : `${texts.join('. ')}.`;
}

function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();
}

function limited({ headers }: GithubAnswer): ExchangeRefusal {
  const waitMs = Math.min(askedWait(headers)?.ms ?? LIMIT_MS, MAX_LIMIT_MS);
  const untilMs = Date.now() + waitMs;
  const time = new Date(untilMs).toISOString().slice(11, 16);
  const problem = `GitHub's API is rate limited for this login; try again after ${time} UTC.`;
  return { error: new GatewayError('copilot_auth_unreachable', problem), untilMs };
}

function unreadable({ status }: GithubAnswer): GatewayError {
  return new GatewayError(
    'copilot_auth_unreadable',
    `GitHub's answer to the request for a Copilot token cannot be read (status ${status}).`,
  );
}
