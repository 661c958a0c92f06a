import type { Adjustment } from '../conversation/adjustment.ts';

/** Characters: some clients and proxies refuse longer headers. */
const MAX_LENGTH = 1024;

/** The response header that tells what is done in another way than asked: `key=from->to`, a list; none for nothing. */
export function encodeAdjusted(adjustments: readonly Adjustment[]): Record<string, string> {
  if (adjustments.length === 0) return {};
  const value = adjustments.map(({ path, from, to }) => `${path}=${from}->${to}`).join(', ');
  const whole = value.length <= MAX_LENGTH ? value : `${value.slice(0, MAX_LENGTH - 3)}...`;
  return { 'x-codex-gateway-adjusted': whole };
}
