/** Tokens of one turn. */
export interface Usage {
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly cacheWriteInputTokens: number;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
  readonly totalTokens: number;
  /** True if some of it was estimated here rather than counted by the provider. */
  readonly estimated?: true;
}

export const NO_USAGE: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
};

/** Adds the usage of several turns; null if one of them is unknown. */
export function sumUsage(left: Usage | null, right: Usage | null): Usage | null {
  return left === null || right === null ? null : addUsage(left, right);
}

/** Adds the usage of several model calls in one turn. */
export function addUsage(left: Usage | null, right: Usage): Usage {
  if (left === null) return right;
  return {
    inputTokens: left.inputTokens + right.inputTokens,
    cachedInputTokens: left.cachedInputTokens + right.cachedInputTokens,
    cacheWriteInputTokens: left.cacheWriteInputTokens + right.cacheWriteInputTokens,
    outputTokens: left.outputTokens + right.outputTokens,
    reasoningTokens: left.reasoningTokens + right.reasoningTokens,
    totalTokens: left.totalTokens + right.totalTokens,
    ...((left.estimated || right.estimated) && { estimated: true }),
  };
}
