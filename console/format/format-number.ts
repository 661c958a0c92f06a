const COUNT = new Intl.NumberFormat('en');
const SHORT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** Formats a count with separators, as in `12,345`. */
export function formatCount(count: number): string {
  return COUNT.format(count);
}

/** Formats a count with what it counts, as in `1 request` or `1,234 requests`. */
export function formatCounted(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** Formats a count in few characters, as in `12.3K`. */
export function formatShort(count: number): string {
  return SHORT.format(count);
}

/** Formats bytes as in `45 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024 ** 2) return `${Math.ceil(bytes / 1024)} kB`;
  return `${Math.round(bytes / 1024 ** 2)} MB`;
}
