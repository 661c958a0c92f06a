import type { Readable } from 'node:stream';
import { GatewayError } from '../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { harmless } from '../../base/harmless-text.ts';

interface GitHubRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds until the headers of the answer. */
  readonly headersTimeoutMs: number;
  /** Milliseconds without a byte of the answer. */
  readonly idleTimeoutMs: number;
}

/** The way to GitHub. It follows no redirects, which could lead the token elsewhere. */
interface GitHubHttp {
  /** Rejects with a `GatewayError` that says why there is no answer. */
  send(request: GitHubRequest): Promise<{ readonly status: number; readonly body: Readable }>;
}

export interface GitHubOptions {
  readonly http: GitHubHttp;
  /** Base URL of the API. */
  readonly apiUrl: string;
  readonly userAgent: string;
}

/** Asks GitHub, by POST if there is a body; resolves to the JSON of its answer, and rejects with a `GatewayError` for a refusal. */
export type AskGitHub = (path: string, body?: JsonObject) => Promise<unknown>;

const API_VERSION = '2022-11-28';
const WAIT_MS = 30_000;
/** Milliseconds of a whole answer. */
const MAX_MS = 60_000;
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_WORDS = 1_000;

/** Tokens of GitHub, in whatever is repeated of its answers. */
const TOKENS = /\b(?:gh[a-z]_|github_pat_)\w{8,}/g;

/** @param signal Ends the requests, which then reject with its reason. */
export function createAskGitHub(
  { http, apiUrl, userAgent }: GitHubOptions,
  token: string,
  signal: AbortSignal,
): AskGitHub {
  const base = apiUrl.replace(/\/+$/, '');
  const hide = (text: string) => text.replaceAll(token, '…').replaceAll(TOKENS, '…');

  return async (path, body) => {
    const either = AbortSignal.any([signal, AbortSignal.timeout(MAX_MS)]);
    let answer: { readonly status: number; readonly text: string };
    try {
      const { status, body: stream } = await http.send({
        method: body === undefined ? 'GET' : 'POST',
        url: `${base}${path}`,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': userAgent,
          'x-github-api-version': API_VERSION,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        body: body && JSON.stringify(body),
        signal: either,
        headersTimeoutMs: WAIT_MS,
        idleTimeoutMs: WAIT_MS,
      });
      answer = { status, text: await readBounded(stream) };
    } catch (error) {
      signal.throwIfAborted();
      throw unreachable(error);
    }
    const value = parse(hide(answer.text));
    if (answer.status >= 200 && answer.status < 300) return value;
    // The token may have been written with escapes.
    throw refused(answer.status, hide(wordsOf(value)));
  };
}

async function readBounded(stream: Readable): Promise<string> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const block of stream as AsyncIterable<Buffer>) {
    bytes += block.length;
    if (bytes > MAX_BYTES) throw new GatewayError('github_unreachable', 'The answer is too long.');
    blocks.push(block);
  }
  return Buffer.concat(blocks).toString();
}

function unreachable(error: unknown): GatewayError {
  const reason = error instanceof GatewayError ? error.message : 'The connection broke off.';
  return new GatewayError('github_unreachable', `There is no answer of GitHub. ${reason}`, { cause: error });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns GitHub's reason with those of its list of errors. */
function wordsOf(value: unknown): string {
  if (!isJsonObject(value)) return '';
  const { message, errors } = value;
  const list: unknown[] = Array.isArray(errors) ? errors : [];
  const details = list.map((error) => (isJsonObject(error) ? (error.message ?? error.code) : error));
  return [message, ...details].filter((words) => typeof words === 'string').join('; ');
}

function refused(status: number, words: string): GatewayError {
  const isRedirect = status >= 300 && status < 400;
  const said = harmless(words, MAX_WORDS);
  const hint = isRedirect ? ' Redirects are not followed; the repository may have another name now.' : '';
  return new GatewayError(
    'github_refused',
    `GitHub answers ${status}${said === '' ? '' : `: ${said}`}${isRedirect && !said.endsWith('.') ? '.' : ''}${hint}`,
    {
      facts: { upstreamStatus: status },
      logMessage: `GitHub answers ${status}`,
    },
  );
}
