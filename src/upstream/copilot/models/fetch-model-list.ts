import { GatewayError } from '../../../base/errors.ts';
import type { Credential } from '../auth/credential.ts';
import type { Credentials } from '../auth/credentials.ts';
import { discard, readJson, type HttpClient, type HttpResponse } from '../transport/http-client.ts';
import { limitError } from '../transport/limit-error.ts';
import { readModelList, type ModelList } from './read-model-list.ts';

export interface FetchModelListParts {
  readonly http: HttpClient;
  readonly credentials: Pick<Credentials, 'current' | 'renew'>;
  /** Resolves to the URL of the list for a token. */
  locate(credential: Credential, signal: AbortSignal): Promise<string>;
  /** Returns the headers of a request, apart from `accept`. */
  headersFor(credential: Credential): Readonly<Record<string, string>>;
  /** Milliseconds until the headers of an answer. */
  readonly headersTimeoutMs: number;
}

/** Maximum milliseconds without a byte of an answer, which is short. */
const MAX_SILENCE_MS = 30_000;
/** Maximum milliseconds for everything, a new token and the answer with it included. */
const DEADLINE_MS = 60_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** Reads Copilot's list of models; a 401 makes another token, once. Nothing is waited out. */
export async function fetchModelList(
  parts: FetchModelListParts,
  incoming: string | undefined,
): Promise<ModelList> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(tooSlow()), DEADLINE_MS);
  try {
    return await readAnswer(await askWithTokens(parts, incoming, deadline.signal), deadline.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function askWithTokens(
  parts: FetchModelListParts,
  incoming: string | undefined,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { credentials } = parts;
  const credential = await credentials.current(signal, incoming);
  const answer = await ask(parts, credential, signal);
  if (answer.status !== 401) return answer;
  discard(answer);
  const other = await credentials.renew(credential, signal, incoming);
  return other === undefined ? answer : await ask(parts, other, signal);
}

async function ask(
  { http, locate, headersFor, headersTimeoutMs }: FetchModelListParts,
  credential: Credential,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const timeoutMs = Math.min(headersTimeoutMs, MAX_SILENCE_MS);
  return await http.send({
    method: 'GET',
    url: await locate(credential, signal),
    headers: { ...headersFor(credential), accept: 'application/json' },
    signal,
    headersTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
  });
}

async function readAnswer(answer: HttpResponse, signal: AbortSignal): Promise<ModelList> {
  if (answer.status !== 200) {
    discard(answer);
    throw refusal(answer);
  }
  const value = await readJson(answer, MAX_BYTES).catch(() => undefined);
  signal.throwIfAborted();
  const list = readModelList(value);
  if (list !== undefined) return list;
  throw new GatewayError('upstream_request_failed', "GitHub Copilot's list of models cannot be read.");
}

function tooSlow(): GatewayError {
  return new GatewayError(
    'upstream_timeout',
    `GitHub Copilot did not send its list of models within ${DEADLINE_MS / 1000} seconds.`,
  );
}

/** Returns the error of an answer without a list. */
function refusal(answer: HttpResponse): GatewayError {
  const { status } = answer;
  if (status === 402 || status === 429) return limitError(answer);
  return new GatewayError(
    'upstream_request_failed',
    `GitHub Copilot answered the request for its models with status ${status}.`,
    // Everything but an error is a fault of the other server.
    { ...(status >= 400 && { status }), facts: { upstreamStatus: status } },
  );
}
