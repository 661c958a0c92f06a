import type { Readable } from 'node:stream';
import { openConnections, type OpenConnections } from './connections.ts';
import { upstreamFailure, upstreamTimeout } from './upstream-failure.ts';

export interface HttpClientOptions {
  /** Returns the proxy for a URL; undefined if none is set for it. */
  readonly proxyFor: (url: URL) => URL | undefined;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds until the headers of the answer. */
  readonly headersTimeoutMs: number;
  /** Milliseconds without a byte of the answer. */
  readonly idleTimeoutMs: number;
}

/** An answer as it arrives: its bytes are not decoded. */
export interface HttpResponse {
  readonly status: number;
  /** Names in lower case; a header that came several times is a list. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

/** The one way to GitHub and Copilot. */
export interface HttpClient {
  /** Rejects with `upstream_request_failed`, `upstream_timeout`, or the signal's reason. */
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** Bytes of a refused answer that are read for the sake of its connection. */
const MAX_DISCARDED_BYTES = 65_536;

export function createHttpClient({ proxyFor }: HttpClientOptions): HttpClient {
  let opening: Promise<OpenConnections> | undefined;
  let isClosed = false;
  return {
    async send(request) {
      const { signal, url, headersTimeoutMs } = request;
      signal.throwIfAborted();
      // Nothing would close connections that are opened now.
      if (isClosed) throw upstreamFailure({ code: 'UND_ERR_DESTROYED' }, request);
      opening ??= openConnections(proxyFor);
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(upstreamTimeout(url, headersTimeoutMs)), headersTimeoutMs);
      const either = AbortSignal.any([signal, late.signal]);
      try {
        return await dispatch(await opening, request, either);
      } catch (error) {
        either.throwIfAborted();
        throw upstreamFailure(error, request);
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      isClosed = true;
      await (await opening)?.destroy();
    },
  };
}

async function dispatch(
  connections: OpenConnections,
  { url, method, headers, body, idleTimeoutMs }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const target = new URL(url);
  const answer = await connections.to(target).request({
    method,
    signal,
    body: body ?? null,
    origin: target.origin,
    path: `${target.pathname}${target.search}`,
    headers: { ...headers },
    // Our own timer is exact, and includes the connection.
    headersTimeout: 0,
    bodyTimeout: idleTimeoutMs,
  });
  // Prevents an uncaught error if the answer breaks off before anyone reads it.
  answer.body.on('error', () => {});
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

/** Gives up an answer; its connection serves the next request if little is left of it. */
export function discard({ body }: HttpResponse): void {
  let bytes = 0;
  body.on('data', (block: Buffer) => {
    bytes += block.length;
    if (bytes > MAX_DISCARDED_BYTES) body.destroy();
  });
}

/** Reads a short answer to its end; rejects if it is longer or breaks off. */
export async function readText({ body }: HttpResponse, maxBytes: number): Promise<string> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const block of body as AsyncIterable<Buffer>) {
    bytes += block.length;
    if (bytes > maxBytes) throw new Error(`The answer has more than ${maxBytes} bytes.`);
    blocks.push(block);
  }
  return Buffer.concat(blocks).toString();
}

/** Reads a short answer as JSON; rejects with a `SyntaxError` if it is something else. */
export async function readJson(answer: HttpResponse, maxBytes: number): Promise<unknown> {
  return JSON.parse(await readText(answer, maxBytes)) as unknown;
}
