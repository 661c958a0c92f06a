import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { CopilotAdapter } from '../../upstream/copilot/adapter.ts';

/** A way to the adapter for the gateway's own app-server alone: a port of its own, which a stop does not close first. */
export interface ChildListener {
  /** Base URL of the Responses API. */
  readonly baseUrl: string;
  /** The bearer token that opens it, made anew for each run. */
  readonly secret: string;
  close(): Promise<void>;
}

const PATH = '/copilot/v1';

export async function openChildListener(adapter: Pick<CopilotAdapter, 'respond'>): Promise<ChildListener> {
  const secret = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => {
    // A child that has gone needs no answer.
    void answer(request, response, { adapter, secret }).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${PATH}`,
    secret,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

interface AnswerOptions {
  readonly adapter: Pick<CopilotAdapter, 'respond'>;
  readonly secret: string;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { adapter, secret }: AnswerOptions,
): Promise<void> {
  if (!isSame(request.headers.authorization, `Bearer ${secret}`)) return void response.writeHead(401).end();
  if (request.method !== 'POST' || request.url !== `${PATH}/responses`)
    return void response.writeHead(404).end();
  const left = new AbortController();
  response.once('close', () => left.abort());
  const body = await buffer(request);
  const { authorization: _, ...headers } = request.headers;
  const answered = await adapter.respond({ headers, body }, left.signal);
  response.writeHead(answered.status, answered.headers);
  response.flushHeaders();
  await pipeline(answered.body, response, { signal: left.signal });
}

/** Compares without telling by the time how much is right. */
function isSame(given: string | undefined, wanted: string): boolean {
  const bytes = Buffer.from(given ?? '');
  const expected = Buffer.from(wanted);
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
}
