import { expect, it } from 'vitest';
import {
  encodeResponseUsage,
  encodeTokenCount,
} from '../../../../src/openai/responses/response/encode-usage.ts';

const USAGE = {
  inputTokens: 10,
  cachedInputTokens: 4,
  cacheWriteInputTokens: 2,
  outputTokens: 5,
  reasoningTokens: 3,
  totalTokens: 15,
};

it('usage contains every count, and says if it is an estimate', () => {
  const usage = {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
    output_tokens: 5,
    output_tokens_details: { reasoning_tokens: 3 },
    total_tokens: 15,
  };
  expect(encodeResponseUsage(USAGE)).toEqual(usage);
  expect(encodeResponseUsage({ ...USAGE, estimated: true })).toEqual({ ...usage, estimated: true });
});

it('a count of input tokens says that it is an estimate', () => {
  expect(encodeTokenCount(7)).toEqual({
    object: 'response.input_tokens',
    input_tokens: 7,
    estimated: true,
  });
});
