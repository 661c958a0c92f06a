import { GatewayError } from '../../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { readJson, type HttpClient, type HttpResponse } from '../transport/http-client.ts';
import { identityHeaders, type Identity } from '../transport/identity.ts';
import type { CopilotUrls } from '../transport/urls.ts';

/** Everything that a question to GitHub needs. */
export interface GithubAccess {
  readonly http: HttpClient;
  readonly urls: CopilotUrls;
  readonly request: Identity;
  /** Milliseconds until the headers of an answer. */
  readonly headersTimeoutMs: number;
}

export interface GithubQuestion {
  readonly url: string;
  /** Scheme and token of someone in whose name GitHub is asked. */
  readonly authorization?: string;
  /** Sent as JSON by POST; without it, the request is a GET. */
  readonly body?: JsonObject;
}

export interface GithubAnswer {
  readonly status: number;
  readonly headers: HttpResponse['headers'];
  /** Undefined if it is not a JSON object. */
  readonly body: JsonObject | undefined;
}

/** Maximum milliseconds for the beginning of an answer, and for each silence in it. */
const MAX_WAIT_MS = 15_000;
const MAX_BYTES = 1024 * 1024;
/** Version of the interface for the requests of editors. */
const API_VERSION = '2025-04-01';
/** Beginning of GitHub's words for a rate limit. */
const LIMITED = 'API rate limit exceeded';

/** Asks GitHub; rejects with `copilot_auth_unreachable` if there is no complete answer, or with the signal's reason. */
export async function askGithub(
  { http, request, headersTimeoutMs }: GithubAccess,
  { url, authorization, body }: GithubQuestion,
  signal: AbortSignal,
): Promise<GithubAnswer> {
  const timeoutMs = Math.min(headersTimeoutMs, MAX_WAIT_MS);
  try {
    const answer = await http.send({
      method: body === undefined ? 'GET' : 'POST',
      url,
      headers: {
        accept: 'application/json',
        ...identityHeaders(request),
        ...(authorization !== undefined && { authorization, 'x-github-api-version': API_VERSION }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal,
      headersTimeoutMs: timeoutMs,
      idleTimeoutMs: timeoutMs,
    });
    return { status: answer.status, headers: answer.headers, body: await readObject(answer) };
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(error);
  }
}

/** Returns true if GitHub refuses to answer only for a time. */
export function isRateLimited({ status, headers, body = {} }: GithubAnswer): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const { message } = body;
  const says = typeof message === 'string' && message.startsWith(LIMITED);
  return says || headers['x-ratelimit-remaining'] === '0';
}

async function readObject(answer: HttpResponse): Promise<JsonObject | undefined> {
  const value = await readJson(answer, MAX_BYTES).catch((error: unknown) => {
    if (!(error instanceof SyntaxError)) throw error;
  });
  return isJsonObject(value) ? value : undefined;
}

function unreachable(error: unknown): GatewayError {
  const reason = error instanceof GatewayError ? error.message : 'The connection failed.';
  return new GatewayError('copilot_auth_unreachable', `GitHub cannot be reached. ${reason}`, {
    cause: error,
  });
}
