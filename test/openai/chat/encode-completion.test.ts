import { expect, it } from 'vitest';
import { merge } from '../../../src/base/async/merge.ts';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { encodeChatCompletion } from '../../../src/openai/chat/encode-completion.ts';

const STYLE = {
  includeUsage: false,
  n: 1,
  customTools: new Set<string>(),
  legacyCalls: false,
  metadata: undefined,
};

const writing = (events: AsyncIterable<TurnEvent>) => ({
  envelope: { id: 'chatcmpl-1', created: 1, model: 'm' },
  serviceTier: 'default',
  events: merge([events]),
});

async function* events(...list: TurnEvent[]): AsyncGenerator<TurnEvent> {
  yield* list;
}

it('a collected chat completion fails and leaves the turn when it exceeds 64 million characters', async () => {
  let left = false;
  async function* endless(): AsyncGenerator<TurnEvent> {
    try {
      for (;;) yield { type: 'text-delta', text: 'x'.repeat(1024 * 1024) };
    } finally {
      left = true;
    }
  }
  await expect(encodeChatCompletion(writing(endless()), STYLE)).rejects.toMatchObject({
    code: 'answer_too_large',
  });
  expect(left).toBe(true);
});

it('a collected chat completion fails when the turn has no end', async () => {
  await expect(encodeChatCompletion(writing(events({ type: 'progress' })), STYLE)).rejects.toThrow(
    'turn-end',
  );
});
