import type { UsageReport } from '../app/codex/usage-report.ts';
import { formatTime } from '../base/format-text.ts';

/** Returns the line for a limit of the account. */
export function formatLimit(limit: UsageReport['limits'][number]): string {
  const { window_minutes: minutes, used_percent: used, resets_at: reset } = limit;
  const window = minutes === null ? '' : ` of ${formatMinutes(minutes)}`;
  const until = reset === null ? '' : `, resets ${formatTime(reset * 1000)}`;
  return `Limit:   ${used} %${window} used${until}`;
}

function formatMinutes(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440} days`;
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}
