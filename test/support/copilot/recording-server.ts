import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { UpstreamRequest } from '../upstream.ts';

/** A request as a fake service received it. */
export interface RecordedRequest extends UpstreamRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names and values in turn, as they came over the wire. */
  readonly rawHeaders: readonly string[];
  /** The body as it came, whatever its encoding. */
  readonly rawBody: Buffer;
  /** Time of its arrival, of `performance.now()`. */
  readonly receivedAtMs: number;
}

/** Answers one request to a fake service. */
export type Answer = (request: RecordedRequest, response: ServerResponse) => void | Promise<void>;

export interface RecordingServer {
  readonly origin: string;
  readonly requests: RecordedRequest[];
  close(): Promise<void>;
}

/** A server on loopback that keeps every request and answers by script. */
export async function startRecordingServer(answer: Answer): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  const server = createServer((incoming, response) => void receive(incoming, response));
  async function receive(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    response.once('close', () => {
      if (!response.writableFinished) aborted.resolve();
    });
    // A client may leave while it sends.
    const rawBody = await buffer(incoming).catch(() => undefined);
    if (rawBody === undefined) return;
    const request = recordRequest(incoming, rawBody, aborted.promise);
    requests.push(request);
    await answer(request, response);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function recordRequest(
  { method = '', url = '', headers, rawHeaders }: IncomingMessage,
  rawBody: Buffer,
  aborted: Promise<void>,
): RecordedRequest {
  return {
    method,
    path: url,
    headers,
    rawHeaders,
    rawBody,
    receivedAtMs: performance.now(),
    bytes: rawBody.length,
    aborted,
    get text() {
      return rawBody.toString('utf8');
    },
    get body() {
      return JSON.parse(rawBody.toString('utf8')) as UpstreamRequest['body'];
    },
  };
}

/** Answers with a status and a JSON body, or a text as it is. */
export function answerWith(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}
