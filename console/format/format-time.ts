const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Formats Unix milliseconds as a time of day. */
export function formatClock(time: number): string {
  return CLOCK.format(time);
}

/** Formats Unix milliseconds as a date with its time. */
export function formatMoment(time: number): string {
  return MOMENT.format(time);
}

/** Formats milliseconds as in `340 ms`, `2.1 s` or `3 min 5 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
