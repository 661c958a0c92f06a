import { Agent, request as startRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { MARKER } from '../upstream/answers.ts';
import { createStopwatch, type Answer, type Client, type Reply, type Request } from './client.ts';

/** One of the gateway's APIs. */
export interface Wire {
  readonly path: string;
  encode(request: Request): object;
  /** Decodes the events of an answer: the data of each. */
  decode(events: readonly unknown[]): Answer;
}

export interface HttpClientOptions {
  readonly port: number;
  readonly token: string;
}

/** Creates a client that costs as little as it can: it looks for the first text in the bytes, and parses nothing. */
export function createHttpClient(wire: Wire, { port, token }: HttpClientOptions): Client {
  const agent = new Agent({ keepAlive: true });

  async function ask(request: Request): Promise<Reply> {
    const stopwatch = createStopwatch();
    const body = Buffer.from(JSON.stringify(wire.encode(request)));
    const sent = startRequest({
      agent,
      host: '127.0.0.1',
      port,
      path: wire.path,
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'content-length': body.length,
      },
    });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (chunk.includes(MARKER)) stopwatch.mark();
    });
    await once(response, 'end');
    const text = () => Buffer.concat(chunks).toString();
    if (response.statusCode !== 200) throw new Error(`${response.statusCode}: ${text().slice(0, 1_000)}`);
    const times = stopwatch.stop();
    return { ...times, read: () => wire.decode(parseEvents(text())) };
  }

  return {
    ask,
    async close() {
      agent.destroy();
    },
  };
}

function parseEvents(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line !== 'data: [DONE]')
    .map((line) => JSON.parse(line.slice(6)) as unknown);
}
