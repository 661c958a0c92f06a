import type { LimitWindow } from '../../conversation/account-limits.ts';

/**
 * Encodes the `x-ratelimit-*` headers for the fullest of the account's windows; none if no window is known. A Codex account
 * does not count requests: the numbers are percents of what it allows.
 */
export function encodeLimits(windows: readonly LimitWindow[]): Record<string, string> {
  const [fullest] = windows.toSorted((a, b) => b.usedPercent - a.usedPercent);
  if (fullest === undefined) return {};
  const { usedPercent, resetsAt } = fullest;
  const now = Date.now() / 1000;
  return {
    'x-ratelimit-limit-requests': '100',
    'x-ratelimit-remaining-requests': String(Math.max(0, 100 - usedPercent)),
    ...(resetsAt !== null && { 'x-ratelimit-reset-requests': `${Math.max(0, Math.ceil(resetsAt - now))}s` }),
  };
}
