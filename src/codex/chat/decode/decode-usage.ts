import type { TokenUsageBreakdown } from '../../../../generated/v2/TokenUsageBreakdown.js';
import type { Usage } from '../../../conversation/usage.ts';

/** `rawResponse/completed.usage`; counters that another Codex version leaves out are 0. */
export function decodeUsage(usage: Partial<TokenUsageBreakdown>): Usage {
  const { inputTokens = 0, outputTokens = 0 } = usage;
  return {
    inputTokens,
    cachedInputTokens: usage.cachedInputTokens ?? 0,
    cacheWriteInputTokens: usage.cacheWriteInputTokens ?? 0,
    outputTokens,
    reasoningTokens: usage.reasoningOutputTokens ?? 0,
    totalTokens: usage.totalTokens ?? inputTokens + outputTokens,
  };
}
