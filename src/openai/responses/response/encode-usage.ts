import type { JsonObject } from '../../../base/json.ts';
import type { Usage } from '../../../conversation/usage.ts';

/** `usage`; every count is always there, because clients read them without a check. */
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
