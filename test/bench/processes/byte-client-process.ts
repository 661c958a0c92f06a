import { once } from 'node:events';
import { Agent, request as startRequest, type IncomingMessage } from 'node:http';
import { serveFunctions } from './remote.ts';

export interface ByteRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes of the request. */
  readonly size: number;
  /** Number of requests, one after the other. */
  readonly count: number;
}

/** Milliseconds of each request, and the bytes of all answers. */
export interface ByteTimes {
  /** Until the first byte of the body. */
  readonly firstMs: readonly number[];
  readonly totalMs: readonly number[];
  readonly bytes: number;
}

const agent = new Agent({ keepAlive: true });

const functions = {
  async ask({ url, headers, size, count }: ByteRequest): Promise<ByteTimes> {
    const body = Buffer.from(
      JSON.stringify({ model: 'gpt-5.5', instructions: 'x'.repeat(size), input: 'hello', stream: true }),
    );
    const times = { firstMs: [] as number[], totalMs: [] as number[], bytes: 0 };
    for (let asked = 0; asked < count; asked += 1) {
      const start = performance.now();
      const sent = startRequest(url, {
        agent,
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'content-length': body.length },
      });
      sent.end(body);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      if (response.statusCode !== 200) throw new Error(`${url} answered ${response.statusCode}.`);
      response.once('data', () => times.firstMs.push(performance.now() - start));
      response.on('data', (chunk: Buffer) => {
        times.bytes += chunk.length;
      });
      await once(response, 'end');
      times.totalMs.push(performance.now() - start);
    }
    return times;
  },
  close: () => agent.destroy(),
};

/** Functions of a process that reads bytes and parses nothing. */
export type ByteClientApi = typeof functions;

serveFunctions(functions);
