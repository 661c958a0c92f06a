import type { Adjustment } from './entries.ts';

/** Reads `x-codex-gateway-ignored`: names of parameters, percent-encoded. */
export function readIgnored(header: string | null): string[] {
  return splitEntries(header).map(decode);
}

/** Reads `x-codex-gateway-adjusted`: `field=from->to`, percent-encoded. */
export function readAdjusted(header: string | null): Adjustment[] {
  return splitEntries(header).map((entry) => {
    const [, field = entry, from = '', to = ''] = /^([^=]*)=(.*?)->(.*)$/.exec(entry) ?? [];
    return { field: decode(field), from: decode(from), to: decode(to) };
  });
}

function splitEntries(header: string | null): string[] {
  return (header ?? '').split(', ').filter((entry) => entry !== '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
