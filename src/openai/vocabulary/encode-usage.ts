import { sumUsage, type Usage } from '../../conversation/usage.ts';

/** The usage of several answers together; undefined where one of them was not counted. */
export function totalUsage(usages: readonly (Usage | null)[]): object | undefined {
  const [first = null, ...rest] = usages;
  const total = rest.reduce(sumUsage, first);
  return total === null ? undefined : encodeUsage(total);
}

/** `CompletionUsage`; all three counts are always there, because clients read them without a check. */
function encodeUsage(usage: Usage) {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.totalTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteInputTokens,
    },
    completion_tokens_details: {
      reasoning_tokens: usage.reasoningTokens,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
    ...(usage.estimated && { estimated: true }),
  };
}
