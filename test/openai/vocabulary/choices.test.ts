import { describe, expect, it } from 'vitest';
import type { TurnEnd } from '../../../src/conversation/turn-event.ts';
import { createChoices, encodeFinishReason } from '../../../src/openai/vocabulary/choices.ts';

const USAGE = {
  inputTokens: 10,
  cachedInputTokens: 4,
  cacheWriteInputTokens: 1,
  outputTokens: 5,
  reasoningTokens: 2,
  totalTokens: 15,
};

const end = (usage: TurnEnd['usage'] = USAGE): TurnEnd => ({
  type: 'turn-end',
  reason: 'stop',
  isComplete: true,
  usage,
});

describe('the choices of a completion', () => {
  it('keep one state for each choice', () => {
    const choices = createChoices(() => ({ texts: [] as string[] }));
    for (const index of [1, 0, 1])
      choices.advance(index, [{ type: 'text-delta', text: 'x' }]).texts.push(`to ${index}`);
    for (const index of [0, 1]) choices.advance(index, [end()]);
    expect(choices.complete()).toEqual([{ texts: ['to 0'] }, { texts: ['to 1', 'to 1'] }]);
  });

  it('cannot be complete while a choice has no end', () => {
    const choices = createChoices(() => ({}));
    choices.advance(0, [end()]);
    choices.advance(1, [{ type: 'progress' }]);
    expect(() => choices.complete()).toThrow('turn-end');
  });

  it('give heartbeats to the first one that has not ended, or to the first one if all have', () => {
    const choices = createChoices(() => ({}));
    expect(choices.firstOpen(2)).toBe(0);
    choices.advance(0, [end()]);
    expect(choices.firstOpen(2)).toBe(1);
    choices.advance(1, [end()]);
    expect(choices.firstOpen(2)).toBe(0);
  });

  it('report the sum of their usage with every count that clients read', () => {
    const choices = createChoices(() => ({}));
    choices.advance(0, [end()]);
    choices.advance(1, [end({ ...USAGE, estimated: true })]);
    expect(choices.encodeUsage()).toEqual({
      prompt_tokens: 20,
      completion_tokens: 10,
      total_tokens: 30,
      prompt_tokens_details: { cached_tokens: 8, cache_write_tokens: 2 },
      completion_tokens_details: {
        reasoning_tokens: 4,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
      estimated: true,
    });
  });

  it('report no usage if one of them was not counted', () => {
    const choices = createChoices(() => ({}));
    expect(choices.encodeUsage()).toBeUndefined();
    choices.advance(0, [end()]);
    choices.advance(1, [end(null)]);
    expect(choices.encodeUsage()).toBeUndefined();
  });
});

it.each([
  ['stop', 'stop'],
  ['length', 'length'],
  ['content-filter', 'content_filter'],
  ['tool-calls', 'of calls'],
] as const)('the stop reason %s becomes the finish reason "%s"', (reason, expected) => {
  expect(encodeFinishReason(reason, 'of calls')).toBe(expected);
});
