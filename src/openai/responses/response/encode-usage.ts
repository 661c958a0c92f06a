import type { JsonObject } from '../../../base/json.ts';
import type { Usage } from '../../../conversation/usage.ts';

/** Encodes `usage`. It contains every count, because clients read them without a check. */
export function encodeResponseUsage(usage: Usage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteInputTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.totalTokens,
    ...(usage.estimated && { estimated: true }),
  };
}

/** Encodes a `response.input_tokens`. Like every count that is not the provider's, it is marked as estimated. */
export function encodeTokenCount(tokens: number): JsonObject {
  return { object: 'response.input_tokens', input_tokens: tokens, estimated: true };
}
