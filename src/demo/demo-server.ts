import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { chooseAnswer } from './choose-answer.ts';
import { demoEvents } from './demo-events.ts';
import { readRequest } from './read-request.ts';

/** The model id of `--demo`. */
export const DEMO_MODEL = 'demo';

/** A model provider on loopback, so that the gateway can be tried without an account. */
export interface DemoServer {
  /** Base URL of its Responses API. */
  readonly baseUrl: string;
  close(): Promise<void>;
}

/** Milliseconds between words, so that streaming is visible, and the maximum for all words together. */
const PACE_MS = 15;
const LONGEST_MS = 3_000;

export async function startDemoServer(): Promise<DemoServer> {
  const server = createServer((request, response) => {
    // A client that disconnects is not a failure.
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const demoRequest = readRequest(await json(request));
  const disconnect = new AbortController();
  response.once('close', () => disconnect.abort());
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const events = [...demoEvents(chooseAnswer(demoRequest), demoRequest.inputTokens)];
  const paceMs = Math.min(PACE_MS, LONGEST_MS / events.length);
  for (const event of events) {
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    if (event.type.endsWith('.delta') && paceMs >= 1)
      await delay(paceMs, undefined, { signal: disconnect.signal });
  }
  response.end();
}
