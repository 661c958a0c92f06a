import { signal } from '@preact/signals';
import { ApiError, decodeError } from './api-error.ts';
import { leadsElsewhere } from './leads-elsewhere.ts';
import { pageKey } from './page-key.ts';

/** Marks requests of this page; the cookie counts only beside it. */
const PAGE_HEADER = 'x-codex-gateway-console';

/** Counts the answers that say that this browser is not signed in any more. */
export const signedOut = signal(0);

interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Sends a request to the gateway and returns the JSON of its answer; undefined for an empty one. Rejects with an `ApiError` for every
 * answer that is an error, and for a gateway that cannot be reached.
 */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const response = await sendRequest(path, options);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Sends a request and returns the answer, whose body may be a stream. Rejects like `request`. */
export async function sendRequest(
  path: string,
  { method = 'GET', body, signal, headers: further }: RequestOptions = {},
): Promise<Response> {
  if (leadsElsewhere(path, document.baseURI)) throw new ApiError(0, 'unknown_url', 'There is no such page.');
  const hasBody = body !== undefined;
  const headers = {
    [PAGE_HEADER]: pageKey(),
    ...(hasBody && { 'content-type': 'application/json' }),
    ...further,
  };
  const init = { method, headers, ...(hasBody && { body: JSON.stringify(body) }), ...(signal && { signal }) };
  const response = await fetch(path, init).catch(() => {
    signal?.throwIfAborted();
    throw new ApiError(0, 'unreachable', 'The gateway does not answer. Is it still running?');
  });
  if (response.ok) return response;
  throw noteSignedOut(await readError(response));
}

function noteSignedOut(error: ApiError): ApiError {
  if (error.status === 401 && error.code === 'invalid_api_key') signedOut.value += 1;
  return error;
}

async function readError(response: Response): Promise<ApiError> {
  const body = await response.json().catch(() => undefined);
  return decodeError(response.status, body, response.headers.get('x-request-id') ?? '');
}
