import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { callEvents, encodeEvents, LAST_RESULT, textEvents, type AnswerKind } from './answers.ts';
import { createTally, type Tally, type UpstreamCounts } from './tally.ts';

/** The two programs that are compared, each with a path of its own at the provider. */
export type Side = 'gateway' | 'bare';

export interface ScriptedUpstream {
  readonly port: number;
  use(kind: AnswerKind): void;
  take(side: Side): UpstreamCounts;
  close(): void;
}

/** Starts a Responses API that answers at once, with bytes made beforehand. */
export async function startScriptedUpstream(): Promise<ScriptedUpstream> {
  const tallies: Record<Side, Tally> = { gateway: createTally(), bare: createTally() };
  let answer = createAnswer({ type: 'text', deltas: 20 });
  const server = createServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // It lists no models.
    if (request.method === 'GET') return void response.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    tallies[sideOf(request.url)].countRequest(body);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    await answer(body, response);
  }
  server.on('connection', (socket) => socket.setNoDelay(true));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    use: (kind) => void (answer = createAnswer(kind)),
    take: (side) => tallies[side].take(),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function sideOf(path = ''): Side {
  return path.startsWith('/bare/') ? 'bare' : 'gateway';
}

type Answer = (body: Buffer, response: ServerResponse) => void | Promise<void>;

function createAnswer(kind: AnswerKind): Answer {
  if (kind.type === 'call') return createCallAnswer();
  const { head, deltas, tail } = textEvents(kind.deltas);
  if (kind.type === 'text') {
    const bytes = encodeEvents([...head, ...deltas, ...tail]);
    return (_body, response) => void response.end(bytes);
  }
  const first = encodeEvents([...head, deltas[0]!]);
  const middle = deltas.slice(1).map((delta) => encodeEvents([delta]));
  const last = encodeEvents(tail);
  return async (_body, response) => {
    response.write(first);
    for (const bytes of middle) {
      await delay(kind.gapMs);
      response.write(bytes);
    }
    response.end(last);
  };
}

function createCallAnswer(): Answer {
  const { head, deltas, tail } = textEvents(20);
  const text = encodeEvents([...head, ...deltas, ...tail]);
  let calls = 0;
  return (body, response) => {
    if (body.includes(LAST_RESULT)) return void response.end(text);
    calls += 1;
    response.end(encodeEvents(callEvents(`call_${calls}`)));
  };
}
