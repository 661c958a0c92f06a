import { describe, expect, it } from 'vitest';
import { ask, WAYS } from '../support/ask.ts';
import { sayUntil } from '../support/upstream-answers.ts';
import { call } from '../support/upstream-tools.ts';
import { say, stall } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const ESTIMATE = {
  prompt_tokens: expect.any(Number),
  completion_tokens: expect.any(Number),
  total_tokens: expect.any(Number),
  estimated: true,
};

describe.each(['gpt-5.5', 'gpt-6-sol'])('an answer of %s with a stop sequence', (model) => {
  it.each(WAYS)('ends before it, and the turn with it, %s', async (way) => {
    // The provider would go on for ever.
    gateway.upstream.use(stall('One. STOP and two.'));
    const told = await ask(gateway, way, { model, stop: 'STOP' });
    expect(told.said).toMatchObject([{ content: 'One. ', finish: 'stop' }]);
    expect(told.usage).toMatchObject(ESTIMATE);
    expect(told.usage!.completion_tokens).toBeGreaterThan(0);
    expect(told.usage!.total_tokens).toBe(told.usage!.prompt_tokens + told.usage!.completion_tokens);
    await gateway.upstream.requests.at(-1)!.aborted;
  });

  it.each(WAYS)('ends before one that comes in pieces, %s', async (way) => {
    for (const pieces of [
      ['a\n', '\n', 'b'],
      ['a', '\n\nb'],
      ['a\n\n', 'b'],
      ['a', '\n', '\n', 'b'],
    ]) {
      gateway.upstream.use(say(...pieces));
      const told = await ask(gateway, way, { model, stop: ['never', '\n\n'] });
      expect(told.said).toMatchObject([{ content: 'a', finish: 'stop' }]);
    }
  });

  it.each(WAYS)('is complete with the counted usage when the sequence never comes, %s', async (way) => {
    gateway.upstream.use(say('a ST', 'O', 'NE, ST', 'O'));
    const told = await ask(gateway, way, { model, stop: ['STOP', 'END'] });
    expect(told.said).toMatchObject([{ content: 'a STONE, STO', finish: 'stop' }]);
    expect(told.usage).toMatchObject({ total_tokens: 18 });
    expect(told.usage).not.toHaveProperty('estimated');
  });
});

it.each(WAYS)(
  'an answer that was cut by the provider keeps what looked like a stop sequence, %s',
  async (way) => {
    gateway.upstream.use(sayUntil('max_output_tokens', 'a ST'));
    const told = await ask(gateway, way, { stop: 'STOP' });
    expect(told.said).toMatchObject([{ content: 'a ST', finish: 'length' }]);
  },
);

it.each(WAYS)('an answer that begins with a stop sequence is empty, %s', async (way) => {
  gateway.upstream.use(stall('STOP'));
  const told = await ask(gateway, way, { stop: 'STOP' });
  expect(told.said).toMatchObject([{ content: '', finish: 'stop' }]);
  expect(told.usage).toMatchObject({ completion_tokens: 0, estimated: true });
});

it.each(WAYS)(
  'each of several answers ends at its own stop sequence, and their usage is summed, %s',
  async (way) => {
    gateway.upstream.use(stall('x STOP'));
    const one = await ask(gateway, way, { stop: 'STOP' });
    const three = await ask(gateway, way, { stop: 'STOP', n: 3 });
    expect(three.said.map(({ content, finish }) => [content, finish])).toEqual(
      [1, 2, 3].map(() => ['x ', 'stop']),
    );
    expect(three.usage).toMatchObject({
      completion_tokens: one.usage!.completion_tokens * 3,
      total_tokens: one.usage!.total_tokens * 3,
      estimated: true,
    });
  },
);

it.each(WAYS)('does not cut the arguments of a call, %s', async (way) => {
  gateway.upstream.use(call({ name: 'look', arguments: { at: 'STOP' } }));
  const tools = [{ type: 'function', function: { name: 'look' } }];
  const told = await ask(gateway, way, { stop: 'STOP', tools });
  expect(told.said).toMatchObject([
    { content: '', finish: 'tool_calls', calls: [{ name: 'look', arguments: '{"at":"STOP"}' }] },
  ]);
  expect(told.usage).not.toHaveProperty('estimated');
});

it.each(WAYS)('ends structured output at a stop sequence too, %s', async (way) => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'string' } },
    required: ['a'],
    additionalProperties: false,
  };
  gateway.upstream.use(stall('{"a":"x STOP"}'));
  const response_format = { type: 'json_schema', json_schema: { name: 'a', schema, strict: true } };
  const told = await ask(gateway, way, { stop: 'STOP', response_format });
  expect(told.said).toMatchObject([{ content: '{"a":"x ', finish: 'stop' }]);
});

it('an estimated usage counts the text that was sent and answered', async () => {
  gateway.upstream.use(stall('one two three STOP'));
  const short = await ask(gateway, 'whole', { stop: ' STOP' });
  const messages = [
    { role: 'system', content: 'one two three four' },
    { role: 'user', content: [{ type: 'text', text: 'five' }] },
  ];
  const long = await ask(gateway, 'whole', { stop: ' STOP', messages });
  expect([short.usage, long.usage]).toMatchObject([
    { prompt_tokens: 1, completion_tokens: 3 },
    { prompt_tokens: 5, completion_tokens: 3 },
  ]);
});
