import { expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import type { Tokenizer } from '../../../src/conversation/ports/tokenizer.ts';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import type { Turn } from '../../../src/conversation/turn.ts';
import { NO_USAGE } from '../../../src/conversation/usage.ts';
import { estimateUsage } from '../../../src/gateway/answer/estimate-usage.ts';
import { createPromptCounter } from '../../../src/gateway/answer/count-tokens.ts';
import { passStage } from '../../support/script-turns.ts';

const { signal } = new AbortController();
const TURN: Turn = {
  model: 'm',
  items: [
    { type: 'message', role: 'user', path: 'x', parts: [{ type: 'text', text: 'one two' }] },
    { type: 'tool-call', callId: 'c', name: 'three', arguments: 'four', path: 'x' },
    { type: 'tool-result', callId: 'c', path: 'x', parts: [{ type: 'text', text: 'five' }] },
  ],
};
const END = { type: 'turn-end', reason: 'stop', isComplete: false, usage: null } as const;
const SAID: readonly TurnEvent[] = [
  { type: 'reasoning-delta', text: 'hm ', paragraph: 'a' },
  { type: 'reasoning-delta', text: 'well', paragraph: 'a' },
  { type: 'text-delta', text: 'a b ' },
  { type: 'text-delta', text: 'c' },
];

/** Counts words. */
const tokenizer: Tokenizer = {
  count: async (texts) => texts.flatMap((text) => text.split(' ')).filter((word) => word !== '').length,
  head: async (text) => ({ text, tokens: 0 }),
};

async function lastOf(events: readonly TurnEvent[], by: Tokenizer = tokenizer, aborted = signal) {
  const stage = estimateUsage({
    countPrompt: () => createPromptCounter(TURN, by, aborted)(TURN),
    tokenizer: by,
    signal: aborted,
  });
  const all = await passStage(stage, events);
  expect(all.slice(0, -1)).toEqual(events.slice(0, -1));
  return all.at(-1);
}

it('estimates the usage of an answer that was cut off', async () => {
  const usage = {
    ...NO_USAGE,
    inputTokens: 5,
    outputTokens: 5,
    reasoningTokens: 2,
    totalTokens: 10,
    estimated: true,
  };
  expect(await lastOf([...SAID, END])).toEqual({ ...END, usage });
});

it.each([
  { ...END, isComplete: true },
  { ...END, usage: NO_USAGE },
  { ...END, isComplete: true, usage: NO_USAGE },
])('leaves the usage of a complete or counted answer as it is: %j', async (end) => {
  expect(await lastOf([...SAID, end])).toEqual(end);
});

it('counts all of a long answer in bounded pieces', async () => {
  const counted: number[] = [];
  const counting = {
    ...tokenizer,
    count: async (texts: readonly string[]) => {
      counted.push(...texts.map(({ length }) => length));
      return await tokenizer.count(texts, signal);
    },
  };
  const words: TurnEvent[] = Array.from({ length: 1000 }, () => ({
    type: 'text-delta',
    text: 'word '.repeat(1000),
  }));
  expect(await lastOf([...words, END], counting)).toMatchObject({ usage: { outputTokens: 1_000_000 } });
  expect(Math.max(...counted)).toBeLessThan(300_000);
  counted.length = 0;
  // Nothing is counted of one of an ordinary length which the provider has counted.
  expect(await lastOf([...words.slice(0, 50), { ...END, usage: NO_USAGE }], counting)).toBeDefined();
  expect(counted).toEqual([]);
});

it('omits the usage of an answer that is too long to be counted', async () => {
  const tired = {
    ...tokenizer,
    count: () => Promise.reject(new GatewayError('request_too_large', 'too long')),
  };
  expect(await lastOf([...SAID, END], tired)).toEqual(END);
});

it('ignores a failing tokenizer, but rejects once the caller has gone', async () => {
  const broken = { ...tokenizer, count: () => Promise.reject(new Error('broken')) };
  expect(await lastOf([END], broken)).toEqual(END);
  await expect(lastOf([END], broken, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
});

it('counts the common part of several turns once', async () => {
  const counted: string[][] = [];
  const counting = {
    ...tokenizer,
    count: async (texts: readonly string[]) => {
      counted.push([...texts]);
      return await tokenizer.count(texts, signal);
    },
  };
  const countPrompt = createPromptCounter(TURN, counting, signal);
  const repaired = { ...TURN, items: [...TURN.items, ...TURN.items.slice(0, 1)] };
  expect([await countPrompt(TURN), await countPrompt(TURN), await countPrompt(repaired)]).toEqual([5, 5, 7]);
  expect(counted.filter((texts) => texts.includes('three'))).toHaveLength(1);
});
