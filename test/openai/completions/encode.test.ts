import { expect, it } from 'vitest';
import type { AnswerEvent } from '../../../src/conversation/turn-event.ts';
import { encodeCompletion, encodeCompletionStream } from '../../../src/openai/completions/encode.ts';
import { batchAnswers } from '../../support/answer-batches.ts';
import { flatten } from '../../support/flatten.ts';

async function* turn(texts: readonly string[], reason: 'stop' | 'length' | 'tool-calls') {
  for (const text of texts) yield { type: 'text-delta', text } satisfies AnswerEvent;
  yield { type: 'turn-end', reason, isComplete: true, usage: null } satisfies AnswerEvent;
}

const answer = () => ({
  envelope: { id: 'cmpl-1', created: 1, model: 'm' },
  serviceTier: 'default',
  events: batchAnswers(turn(['a', 'b'], 'length'), turn([], 'tool-calls')),
});

it('collects the text of each choice', async () => {
  expect(await encodeCompletion(answer())).toEqual({
    id: 'cmpl-1',
    object: 'text_completion',
    created: 1,
    model: 'm',
    choices: [
      { text: 'ab', index: 0, logprobs: null, finish_reason: 'length' },
      { text: '', index: 1, logprobs: null, finish_reason: 'stop' },
    ],
  });
});

it('streams the same choices in pieces', async () => {
  const { frames } = encodeCompletionStream(Promise.resolve(answer()), { includeUsage: false, n: 2 });
  const chunks = (await Array.fromAsync(flatten(frames)))
    .slice(0, -1)
    .map(
      ({ data }) =>
        (JSON.parse(data) as { choices: { index: number; text: string; finish_reason: string | null }[] })
          .choices[0]!,
    );
  for (const [index, text, reason] of [
    [0, 'ab', 'length'],
    [1, '', 'stop'],
  ] as const) {
    const own = chunks.filter((choice) => choice.index === index);
    expect(own.map((choice) => choice.text).join('')).toBe(text);
    expect(own.map((choice) => choice.finish_reason).filter((given) => given !== null)).toEqual([reason]);
  }
});
