import { expect, it } from 'vitest';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { cutAnswer } from '../../../src/gateway/answer/cut-answer.ts';

const { signal } = new AbortController();
const TOKENIZER = { count: async () => 0, head: async (text: string) => ({ text, tokens: 0 }) };

it('closes the turn before it yields the end of a cut answer', async () => {
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
  expect((await cut.next()).value).toMatchObject({ type: 'turn-end', reason: 'stop', isComplete: false });
  expect(left).toBe(true);
});

it('yields text held back for a stop sequence before a native call', async () => {
  const call = { type: 'passthrough-item', isCall: true, item: { type: 'tool_search_call' } } as const;
  const end: TurnEvent = { type: 'turn-end', reason: 'tool-calls', isComplete: true, usage: null };
  async function* source(): AsyncGenerator<TurnEvent> {
    yield { type: 'text-delta', text: 'one ST' };
    yield call;
    yield end;
  }
  const cut = cutAnswer(source(), { stop: ['STOP'], maxTokens: undefined }, TOKENIZER, signal);
  expect(await Array.fromAsync(cut)).toEqual([
    { type: 'text-delta', text: 'one ' },
    { type: 'text-delta', text: 'ST' },
    call,
    end,
  ]);
});
