import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { GatewayError } from '../../base/errors.ts';
import { copyBytes } from '../../http/edge/send-bytes.ts';
import { createServer } from '../../http/sockets/node-http.ts';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';
import { readText, type HttpResponse } from '../../upstream/copilot/transport/http-client.ts';
import { brokenAnswer } from '../../upstream/copilot/transport/upstream-failure.ts';
import { decodeRefusal, nameAdapterFailure } from './copilot-failure.ts';
import type { KeptFailures } from './kept-failures.ts';

/** A way to the adapter for the gateway's own app-server alone: a port of its own, which a stop does not close first. */
export interface ChildListener {
  /** Base URL of the Responses API. */
  readonly baseUrl: string;
  /** The bearer token that opens it, a new one for each run. */
  readonly secret: string;
  close(): Promise<void>;
}

export interface ChildListenerOptions {
  readonly adapter: Pick<CopilotAdapter, 'respond'>;
  /** Takes failures for which Codex has no words. */
  readonly failures: Pick<KeptFailures, 'keep'>;
  /** Command by which the user calls this program, for advice in errors. */
  readonly command: string;
  /** Time for which Codex may read nothing. */
  readonly stallLimitMs: number;
}

const PATH = '/copilot/v1';
/** Maximum bytes of an answer with an error, whose reason is a sentence. */
const MAX_REFUSAL_BYTES = 1024 * 1024;

export async function openChildListener(options: ChildListenerOptions): Promise<ChildListener> {
  const secret = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    // A child that has gone needs no answer.
    void answer(request, response, { ...options, secret }).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${PATH}`,
    secret,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { adapter, failures, secret, ...options }: ChildListenerOptions & Pick<ChildListener, 'secret'>,
): Promise<void> {
  if (!isSame(request.headers.authorization, `Bearer ${secret}`)) return void response.writeHead(401).end();
  if (request.method !== 'POST' || request.url !== `${PATH}/responses`)
    return void response.writeHead(404).end();
  const left = new AbortController();
  response.once('close', () => left.abort());
  const body = await buffer(request);
  const { authorization: _, ...headers } = request.headers;
  try {
    const answered = await adapter.respond({ headers, body, isOwn: true }, left.signal);
    await send(answered, response, { ...options, signal: left.signal });
  } catch (error) {
    left.signal.throwIfAborted();
    sendFailure(nameAdapterFailure(brokenAnswer(error)), response, failures);
  }
}

interface SendOptions extends Pick<ChildListenerOptions, 'command' | 'stallLimitMs'> {
  readonly signal: AbortSignal;
}

/** Sends an answer as it comes; rejects with a `GatewayError` for a refusal that Codex would only count. */
async function send(answered: HttpResponse, response: ServerResponse, options: SendOptions): Promise<void> {
  const { status, headers, body } = answered;
  // Codex knows the meaning of a bad request, such as one that is too long.
  if (status >= 400 && status !== 400)
    throw decodeRefusal(status, await readText(answered, MAX_REFUSAL_BYTES), options.command);
  response.writeHead(status, headers);
  response.flushHeaders();
  await copyBytes(body, response, options);
  response.end();
}

/** Sends a failure in a form that Codex passes on: a bad request, or the end of an answer that has begun. */
function sendFailure(
  failure: GatewayError,
  response: ServerResponse,
  failures: Pick<KeptFailures, 'keep'>,
): void {
  const body = failures.keep(failure);
  if (!response.headersSent) {
    response.writeHead(400, { 'content-type': 'application/json' });
    return void response.end(body);
  }
  // An event after compressed bytes would not be one.
  if (response.hasHeader('content-encoding')) return void response.destroy();
  const error = { code: 'invalid_prompt', message: body };
  const event = { type: 'response.failed', response: { id: 'resp_failed', error } };
  // The last event may have broken off in the middle.
  response.end(`\n\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
}

/** Compares without telling by the time how much is right. */
function isSame(given: string | undefined, wanted: string): boolean {
  const bytes = Buffer.from(given ?? '');
  const expected = Buffer.from(wanted);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
