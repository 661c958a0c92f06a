import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer, type WebSocket } from 'ws';
import { emptyEvents, type AnswerKind } from './answers.ts';
import type { Certificates } from './certificate.ts';
import { createPiece, createScript } from './script.ts';
import { createTally, type Tally, type UpstreamCounts } from './tally.ts';

/** The two programs that are compared, each with a path of its own at the provider. */
export type Side = 'gateway' | 'bare';

export interface ScriptedUpstream {
  readonly port: number;
  use(kind: AnswerKind): void;
  take(side: Side): UpstreamCounts;
  close(): void;
}

/** A request that opens a thread's connection before there is anything to answer. */
const PREWARM = '"generate":false';

/** Starts a Responses API that answers by script, over HTTP and over Codex's WebSocket. */
export async function startScriptedUpstream(certificates?: Certificates): Promise<ScriptedUpstream> {
  const tallies: Record<Side, Tally> = { gateway: createTally(), bare: createTally() };
  let script = createScript({ type: 'text', deltas: 20 });
  const empty = [createPiece(emptyEvents())];
  const server: Server = certificates === undefined ? createServer() : createTlsServer(certificates);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // It lists no models.
    if (request.method === 'GET') return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    tallies[sideOf(request)].count(body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const { afterMs, bytes } of script(body)) {
      if (afterMs > 0) await delay(afterMs);
      response.write(bytes);
    }
    response.end();
  }

  async function converse(socket: WebSocket, tally: Tally, body: Buffer): Promise<void> {
    tally.count(body);
    for (const { afterMs, messages } of body.includes(PREWARM) ? empty : script(body)) {
      if (afterMs > 0) await delay(afterMs);
      for (const message of messages) socket.send(message);
    }
  }

  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) => {
    socket.on('message', (data: Buffer) => void converse(socket, tallies[sideOf(request)], data));
  });
  server.on('request', (request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    use: (kind) => void (script = createScript(kind)),
    take: (side) => tallies[side].take(),
    close() {
      for (const socket of sockets.clients) socket.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}

function sideOf({ url = '' }: IncomingMessage): Side {
  return url.startsWith('/bare/') ? 'bare' : 'gateway';
}
