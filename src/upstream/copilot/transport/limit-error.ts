import { GatewayError } from '../../../base/errors.ts';
import type { HttpResponse } from './http-client.ts';
import { askedWait } from './rate-limit.ts';

/** Milliseconds of ten years. */
const MAX_MS = 10 * 365 * 86_400_000;

/**
 * Returns the final error for an answer of 402, or of 429 with too long a wait. It names no time to retry, for which
 * Codex would sleep, but says in words when the limit ends.
 */
export function limitError({ status, headers }: HttpResponse, nowMs = Date.now()): GatewayError {
  const askedMs =
    askedWait(headers, nowMs)?.ms ?? (status === 402 ? quotaResetMs(headers, nowMs) : undefined);
  // A time that far away is a mistake, which would not fit into a date.
  const ms = askedMs !== undefined && askedMs < MAX_MS ? askedMs : undefined;
  const problem =
    status === 402
      ? 'The quota of your GitHub Copilot account is used up.'
      : 'GitHub Copilot limits the rate of your requests.';
  return new GatewayError(
    'copilot_quota_exceeded',
    `${problem} ${ms === undefined ? 'Try again later.' : `Try again in ${inWords(ms)}, at ${timeOfDay(nowMs + ms)}.`}`,
    {
      ...(ms !== undefined && { resetsAt: Math.ceil((nowMs + ms) / 1000) }),
      facts: { upstreamStatus: status },
    },
  );
}

/** Returns the wait until the first reset of a quota that is used up. */
function quotaResetMs(headers: HttpResponse['headers'], nowMs: number): number | undefined {
  const waits = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-quota-snapshot-'))
    .map(([, value]) => new URLSearchParams([value ?? ''].flat()[0]))
    .filter((quota) => quota.get('ent') !== '-1' && Number(quota.get('rem') ?? Number.NaN) <= 0)
    .map((quota) => Date.parse(quota.get('rst') ?? '') - nowMs)
    .filter((ms) => ms > 0);
  return waits.length === 0 ? undefined : Math.min(...waits);
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** Returns a time of one or two units, such as "2 days 7 hours", rounded up. */
function inWords(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  const largest = UNITS.findIndex(([, size]) => seconds >= size);
  const [, smallest] = UNITS[largest + 1] ?? ['second', 1];
  let rest = Math.ceil(seconds / smallest) * smallest;
  const parts: string[] = [];
  for (const [unit, size] of UNITS.slice(0, largest + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}${count === 1 ? '' : 's'}`);
  }
  return parts.join(' ');
}

/** Returns a time such as "2026-12-02 10:40 UTC". */
function timeOfDay(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
