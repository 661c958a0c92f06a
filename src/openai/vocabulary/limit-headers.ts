import type { LimitWindow } from '../../conversation/account-limits.ts';

/**
 * The `x-ratelimit-*` headers, of the fullest of the account's windows; none where nothing is known. An account of Codex
 * counts no requests: the numbers are hundredths of what it allows.
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
