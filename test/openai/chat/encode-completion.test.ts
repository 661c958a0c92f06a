import { expect, it } from 'vitest';
import type { AnswerEvent } from '../../../src/conversation/turn-event.ts';
import { encodeChatCompletion } from '../../../src/openai/chat/encode-completion.ts';
import { batchAnswers } from '../../support/answer-batches.ts';

const STYLE = {
  includeUsage: false,
  n: 1,
  customTools: new Set<string>(),
  legacyCalls: false,
  metadata: undefined,
};

const writing = (events: AsyncIterable<AnswerEvent>) => ({
  envelope: { id: 'chatcmpl-1', created: 1, model: 'm' },
  serviceTier: 'default',
  events: batchAnswers(events),
});

async function* events(...list: AnswerEvent[]): AsyncGenerator<AnswerEvent> {
  yield* list;
}

it('a collected chat completion fails and leaves the turn when it exceeds 64 million characters', async () => {
  let left = false;
  async function* endless(): AsyncGenerator<AnswerEvent> {
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
