import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface HttpServer {
  readonly server: Server;
  /** `http://127.0.0.1:…` */
  readonly origin: string;
}

/** Serves on a free port of loopback until the running test ends. */
export async function startHttpServer(
  listener: (...of: Parameters<RequestListener>) => unknown,
): Promise<HttpServer> {
  const server = createServer((...of) => void listener(...of)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

export interface ReceivedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** An answer, with the headers of each. */
export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

/** Serves one answer after the other, the last one again and again; `received` holds the requests. */
export async function startScriptedServer(
  ...answers: readonly ScriptedAnswer[]
): Promise<HttpServer & { readonly received: readonly ReceivedRequest[] }> {
  const received: ReceivedRequest[] = [];
  const served = await startHttpServer(async (request, response) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: await buffer(request) });
    const answer = answers[received.length - 1] ?? answers.at(-1);
    response.writeHead(answer?.status ?? 500, answer?.headers).end(answer?.body);
  });
  return { ...served, received };
}
