import { expect, it } from 'vitest';
import { addUsage, NO_USAGE, sumUsage, type Usage } from '../../src/conversation/usage.ts';

const usage: Usage = {
  inputTokens: 1,
  cachedInputTokens: 2,
  cacheWriteInputTokens: 3,
  outputTokens: 4,
  reasoningTokens: 5,
  totalTokens: 6,
};

it('adds every count of two model calls', () => {
  expect(addUsage(usage, usage)).toEqual({
    inputTokens: 2,
    cachedInputTokens: 4,
    cacheWriteInputTokens: 6,
    outputTokens: 8,
    reasoningTokens: 10,
    totalTokens: 12,
  });
  expect(addUsage(null, usage)).toBe(usage);
});

it('marks a sum as estimated if one part is', () => {
  expect(addUsage(usage, { ...NO_USAGE, estimated: true })).toEqual({ ...usage, estimated: true });
  expect(addUsage({ ...usage, estimated: true }, NO_USAGE)).toEqual({ ...usage, estimated: true });
});

it('does not know the usage of several turns if one of them is unknown', () => {
  expect(sumUsage(usage, null)).toBeNull();
  expect(sumUsage(null, usage)).toBeNull();
  expect(sumUsage(usage, NO_USAGE)).toEqual(usage);
});
