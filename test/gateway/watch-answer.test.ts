import { expect, it } from 'vitest';
import type { AnswerEvent } from '../../src/conversation/turn-event.ts';
import { NO_USAGE, type Usage } from '../../src/conversation/usage.ts';
import { watchAnswer } from '../../src/gateway/watch-answer.ts';
import { batchAnswers, unbatch } from '../support/answer-batches.ts';

const tokens = (totalTokens: number): Usage => ({ ...NO_USAGE, totalTokens });
const end = (usage: Usage | null): AnswerEvent => ({
  type: 'turn-end',
  reason: 'stop',
  isComplete: true,
  usage,
});

async function watch(...values: readonly AnswerEvent[]) {
  const noted: (string | number)[] = [];
  const answer = { model: 'm', adjustments: [], serviceTier: 'default', reasoningEffort: null } as const;
  const watched = watchAnswer(
    { ...answer, events: batchAnswers(values) },
    {
      onFirst: () => noted.push('first'),
      onUsage: ({ totalTokens }) => noted.push(totalTokens),
    },
  );
  expect(watched).toMatchObject(answer);
  expect((await Array.fromAsync(unbatch(watched.events))).map(({ value }) => value)).toEqual(values);
  return noted;
}

it('notes the first event that shows something, once', async () => {
  expect(
    await watch(
      { type: 'progress' },
      { type: 'message-start', phase: undefined },
      { type: 'text-delta', text: 'a' },
      { type: 'text-delta', text: 'b' },
    ),
  ).toEqual(['first']);
});

it('notes the tokens of all turns that have ended', async () => {
  expect(await watch(end(tokens(2)), end(null), end(tokens(3)))).toEqual([2, 5]);
});

it('notes nothing of an answer that shows nothing', async () => {
  expect(await watch({ type: 'progress' }, end(null))).toEqual([]);
});
