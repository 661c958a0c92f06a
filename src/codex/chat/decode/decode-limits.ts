import type { RateLimitSnapshot } from '../../../../generated/v2/RateLimitSnapshot.js';
import type { LimitWindow } from '../../../conversation/account-limits.ts';

/** Decodes the windows of `account/rateLimits/updated`. */
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

/** Returns the Unix seconds at which the last of the exhausted windows resets; undefined if none is exhausted. */
export function resetOf(windows: readonly LimitWindow[]): number | undefined {
  const resets = windows.filter(({ usedPercent }) => usedPercent >= 100).map(({ resetsAt }) => resetsAt);
  return resets.filter((reset) => reset !== null).toSorted((a, b) => b - a)[0];
}
