import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeEvents, textEvents } from '../upstream/answers.ts';
import { serveFunctions } from './remote.ts';

/** An answer of so many bytes at least, each chunk in a write of its own. */
export interface CopilotAnswer {
  readonly bytes: number;
  readonly chunk: 'event' | 'block';
}

/** An event as long as those of Copilot, which has ids of some hundred characters. */
const EVENT = encodeEvents(textEvents(1).deltas.map((delta) => ({ ...delta, item_id: 'x'.repeat(200) })));
/** As much as a connection reads at once. */
const BLOCK = Buffer.concat(Array.from({ length: Math.floor(65_536 / EVENT.length) }, () => EVENT));

let answer: CopilotAnswer = { bytes: 0, chunk: 'event' };
let sentBytes = 0;

const server = createServer((request, response) => {
  request.resume().once('end', () => void send(response));
});

async function send(response: ServerResponse): Promise<void> {
  const { bytes, chunk } = answer;
  const part = chunk === 'event' ? EVENT : BLOCK;
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  sentBytes = 0;
  do {
    sentBytes += part.length;
    if (!response.write(part)) await once(response, 'drain');
  } while (sentBytes < bytes);
  response.end();
}

const functions = {
  /** Resolves to the URL of the Responses API. */
  async start(): Promise<string> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/responses`;
  },
  use(next: CopilotAnswer) {
    answer = next;
  },
  /** Returns the bytes of the answer under way. */
  sentBytes: () => sentBytes,
  close() {
    server.closeAllConnections();
    server.close();
  },
};

/** Functions of the process that is asked in place of Copilot. */
export type CopilotApi = typeof functions;

serveFunctions(functions);
