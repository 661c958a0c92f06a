import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import type { AnswerBatch, AnswerEvent } from '../../src/conversation/turn-event.ts';
import type { Gateway } from '../../src/gateway/gateway.ts';
import { END, saying, startSocketGateway } from '../support/socket-gateway.ts';

const deltas = (count: number): AnswerEvent[] =>
  Array.from({ length: count }, (_, index) => ({ type: 'text-delta', text: `<${index}>` }));

/** A gateway whose answer has a batch of fifty deltas, one of a single delta, and one with the end, each on command. */
async function start() {
  const gates = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  async function* say(): AsyncGenerator<AnswerBatch> {
    for (const [index, events] of [deltas(50), deltas(1), [...deltas(49), END]].entries()) {
      await gates[index]!.promise;
      yield { index: 0, events };
    }
  }
  const resolved = { model: 'one', adjustments: [], serviceTier: 'default', reasoningEffort: null } as const;
  const gateway: Gateway = {
    reserve: () => [],
    limits: () => [],
    turns: () => ({ running: 0, waiting: 0 }),
    maxAnswers: 1,
    countTokens: async () => 0,
    resolveRequest: async () => resolved,
    answer: async () => ({ ...resolved, events: say() }),
  };
  const served = await startSocketGateway(saying(''), { gateway });
  let writes = 0;
  served.server.on('connection', (socket) => {
    // Both are called once for each write to the network.
    for (const name of ['_write', '_writev'] as const) {
      const original = socket[name]!.bind(socket) as (...given: unknown[]) => void;
      socket[name] = ((...given: unknown[]) => {
        writes += 1;
        original(...given);
      }) as Socket['_write'] & NonNullable<Socket['_writev']>;
    }
  });
  return {
    ...served,
    /** Lets the next batch come. */
    release: (index: number) => gates[index]!.resolve(),
    writes: () => writes,
  };
}

it.each([
  ['/v1/chat/completions', { messages: [{ role: 'user', content: 'hello' }] }, '"content":"<'],
  ['/v1/completions', { prompt: 'hello' }, '"text":"<'],
  ['/v1/responses', { input: 'hello', store: false }, '"delta":"<'],
])('the deltas of a batch leave in one write, and a single delta at once: %s', async (path, body, mark) => {
  const { origin, release, writes } = await start();
  const answer = fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { authorization: 'Bearer token', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'one', stream: true, ...body }),
  });
  release(0);
  const reader = (await answer).body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const readDeltas = async (count: number) => {
    while (text.split(mark).length - 1 < count) text += (await reader.read()).value;
  };
  await readDeltas(50);
  expect(writes()).toBe(1);
  release(1);
  await readDeltas(51);
  expect(writes()).toBe(2);
  release(2);
  await readDeltas(100);
  for (let next = await reader.read(); !next.done; next = await reader.read()) text += next.value;
  expect(text.split(mark)).toHaveLength(101);
});

it('the messages of a batch leave a WebSocket in one write', async () => {
  const { open, release, writes } = await start();
  const client = await open();
  const before = writes();
  client.send({ type: 'response.create', model: 'one', input: 'hello', store: false });
  release(0);
  const readDeltas = async (count: number) => {
    for (let read = 0; read < count; read += 1) await client.until('response.output_text.delta');
  };
  await readDeltas(50);
  expect(writes()).toBe(before + 1);
  release(1);
  await readDeltas(1);
  expect(writes()).toBe(before + 2);
  release(2);
  await client.until('response.completed');
});
