import type { RateLimitSnapshot } from '../../../../generated/v2/RateLimitSnapshot.js';
import type { LimitWindow } from '../../../conversation/account-limits.ts';

/** The windows of `account/rateLimits/updated`. */
export function decodeLimits(snapshot: Partial<RateLimitSnapshot> | undefined): LimitWindow[] {
  const { primary, secondary } = snapshot ?? {};
  return [primary, secondary].flatMap((window) =>
    typeof window?.usedPercent === 'number'
      ? [
          {
            usedPercent: window.usedPercent,
            windowMinutes: window.windowDurationMins ?? null,
            resetsAt: window.resetsAt ?? null,
          },
        ]
      : [],
  );
}

/** Unix seconds at which the last of the used-up windows is filled again; undefined where none is used up. */
export function resetOf(windows: readonly LimitWindow[]): number | undefined {
  const resets = windows.filter(({ usedPercent }) => usedPercent >= 100).map(({ resetsAt }) => resetsAt);
  return resets.filter((reset) => reset !== null).toSorted((a, b) => b - a)[0];
}
