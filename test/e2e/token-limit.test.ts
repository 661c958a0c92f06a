import { describe, expect, it } from 'vitest';
import { headOf } from '../../src/app/worker/count-tokens.ts';
import { ask, WAYS } from '../support/ask.ts';
import { sayReasoning } from '../support/upstream-answers.ts';
import { say, stall } from '../support/upstream.ts';
import { useSharedGateway, useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { maxTokens: 'enforce' } });
const lenient = useSharedGateway();

const TEXTS = [
  'The quick brown fox jumps over the lazy dog, and rests. '.repeat(10),
  '床前明月光，疑是地上霜。举头望明月，低头思故乡。'.repeat(5),
  'Emoji 👩‍👩‍👧‍👦 🇩🇪 🦩🦩🦩 and 👍🏽 words. '.repeat(10),
];

describe.each(['max_completion_tokens', 'max_tokens'])('an enforced %s', (field) => {
  it.each(WAYS)('cuts an answer at the end of a token, %s', async (way) => {
    for (const text of TEXTS) {
      for (const limit of [1, 5, 32]) {
        gateway.upstream.use(stall(text));
        const told = await ask(gateway, way, { [field]: limit });
        expect(told).toMatchObject({ status: 200, ignored: null });
        expect(told.said).toMatchObject([{ content: headOf(text, limit).text, finish: 'length' }]);
        expect(told.usage!.completion_tokens).toBeLessThanOrEqual(limit);
        expect(told.usage!.completion_tokens).toBeGreaterThan(limit - 4);
        expect(told.usage).toMatchObject({ estimated: true });
        await gateway.upstream.requests.at(-1)!.aborted;
      }
    }
  });

  it.each(WAYS)('cuts an answer that comes in pieces, %s', async (way) => {
    const text = TEXTS[0]!;
    gateway.upstream.use(say(...text.match(/\s*\S+/g)!));
    const told = await ask(gateway, way, { [field]: 100 });
    expect(told.said).toMatchObject([{ content: headOf(text, 100).text, finish: 'length' }]);
  });

  it.each(WAYS)('leaves a shorter answer unchanged, with the usage of the provider, %s', async (way) => {
    gateway.upstream.use(say('one', ' two', ' three'));
    const told = await ask(gateway, way, { [field]: 3 });
    expect(told.said).toMatchObject([{ content: 'one two three', finish: 'stop' }]);
    expect(told.usage).toMatchObject({ total_tokens: 18 });
    expect(told.usage).not.toHaveProperty('estimated');
  });
});

it.each(WAYS)('does not count reasoning, %s', async (way) => {
  gateway.upstream.use(sayReasoning([['I think about it for quite a while.']], 'one two'));
  const told = await ask(gateway, way, { max_completion_tokens: 2 });
  expect(told.said).toMatchObject([{ content: 'one two', finish: 'stop' }]);
  expect(told.said[0]!.reasoning).toContain('quite a while');
});

it('a stop sequence within the limit ends the answer, and one after it has no effect', async () => {
  gateway.upstream.use(stall('one two STOP three four five six'));
  const stopped = await ask(gateway, 'whole', { max_tokens: 5, stop: ' STOP' });
  expect(stopped.said).toMatchObject([{ content: 'one two', finish: 'stop' }]);
  const cut = await ask(gateway, 'whole', { max_tokens: 1, stop: ' STOP' });
  expect(cut.said).toMatchObject([{ content: 'one', finish: 'length' }]);
});

it.each([0, -1, 1.5, '10'])('%j gets a 400, even when limits are not enforced', async (value) => {
  for (const one of [gateway, lenient]) {
    const told = await ask(one, 'whole', { max_completion_tokens: value });
    expect(told).toMatchObject({ status: 400, error: { param: 'max_completion_tokens' } });
  }
});

it('enforces the limit in strict mode, too', async () => {
  gateway.upstream.use(say('one two three'));
  const told = await ask(gateway, 'whole', { max_tokens: 1 }, { 'x-codex-gateway-strict': '1' });
  expect(told.said).toMatchObject([{ content: 'one', finish: 'length' }]);
});
