const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** Formats Unix milliseconds as a time of day. */
export function formatClock(time: number): string {
  return CLOCK.format(time);
}

/** Formats Unix milliseconds as a date with its time. */
export function formatMoment(time: number): string {
  return MOMENT.format(time);
}

/** Formats Unix milliseconds as a date with its time to the second. */
export function formatExact(time: number): string {
  return EXACT.format(time);
}

/** Formats a time that still runs, in whole seconds: `4 s` or `3 min 5 s`. */
export function formatWhole(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Formats milliseconds as in `340 ms`, `2.1 s` or `3 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
