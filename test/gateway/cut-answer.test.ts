import { expect, it } from 'vitest';
import type { TurnEvent } from '../../src/conversation/turn-event.ts';
import { cutAnswer } from '../../src/gateway/cut-answer.ts';

const { signal } = new AbortController();
const TOKENIZER = { count: async () => 0, head: async (text: string) => ({ text, tokens: 0 }) };

it('a turn is left before its end is told, which may take its reader some time', async () => {
  let left = false;
  async function* source(): AsyncGenerator<TurnEvent> {
    try {
      yield { type: 'text-delta', text: 'one STOP two' };
      yield { type: 'text-delta', text: 'three' };
    } finally {
      left = true;
    }
  }
  const cut = cutAnswer(source(), { stop: ['STOP'], maxTokens: undefined }, TOKENIZER, signal);
  expect((await cut.next()).value).toEqual({ type: 'text-delta', text: 'one ' });
  expect((await cut.next()).value).toMatchObject({ type: 'turn-end', reason: 'stop', whole: false });
  expect(left).toBe(true);
});
