import { NEVER_ABORTED } from '../../../base/async/abort.ts';
import { GatewayError } from '../../../base/errors.ts';
import type { Credential } from '../auth/credential.ts';
import type { Credentials } from '../auth/credentials.ts';
import { discard, type HttpClient, type HttpResponse } from '../transport/http-client.ts';
import { limitError } from '../transport/limit-error.ts';
import { readJson } from '../transport/read-json.ts';
import { readModelList, type ModelList } from './read-model-list.ts';

export interface FetchModelListParts {
  readonly http: HttpClient;
  readonly credentials: Credentials;
  /** Resolves to the URL of the list for a token. */
  locate(credential: Credential, signal: AbortSignal): Promise<string>;
  /** Returns the headers of a request, apart from `accept`. */
  headersFor(credential: Credential): Readonly<Record<string, string>>;
  /** Milliseconds until the headers of an answer. */
  readonly headersTimeoutMs: number;
}

/** Maximum milliseconds for the beginning of a list, which is short. */
const MAX_WAIT_MS = 30_000;
const MAX_BYTES = 16 * 1024 * 1024;

/** Reads Copilot's list of models; a 401 makes another token, once. Nothing is waited out. */
export async function fetchModelList(
  parts: FetchModelListParts,
  incoming: string | undefined,
): Promise<ModelList> {
  const { credentials } = parts;
  const credential = await credentials.current(NEVER_ABORTED, incoming);
  let answer = await ask(parts, credential);
  if (answer.status === 401) {
    const other = await credentials.renew(credential, NEVER_ABORTED);
    if (other !== undefined) {
      discard(answer);
      answer = await ask(parts, other);
    }
  }
  if (answer.status !== 200) {
    discard(answer);
    throw refusal(answer);
  }
  const list = readModelList(await readJson(answer.body, MAX_BYTES).catch(() => undefined));
  if (list !== undefined) return list;
  throw new GatewayError('upstream_request_failed', "GitHub Copilot's list of models cannot be read.");
}

async function ask(
  { http, locate, headersFor, headersTimeoutMs }: FetchModelListParts,
  credential: Credential,
): Promise<HttpResponse> {
  const timeoutMs = Math.min(headersTimeoutMs, MAX_WAIT_MS);
  return await http.send({
    method: 'GET',
    url: await locate(credential, NEVER_ABORTED),
    headers: { ...headersFor(credential), accept: 'application/json' },
    signal: NEVER_ABORTED,
    headersTimeoutMs: timeoutMs,
    idleTimeoutMs: timeoutMs,
  });
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
