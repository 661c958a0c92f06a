import { outcomeOf, SWITCHED, type ObservedEnd } from '../base/outcome.ts';

/** Requests and errors of the last hour. */
export interface HourFigures {
  readonly requests: number;
  readonly errors: number;
}

export interface RecentRequests {
  /** Counts a request that has ended, and a response by its own end alone. */
  count(end: ObservedEnd): void;
  read(): HourFigures;
}

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** Routes by which the gateway is watched; a look at the figures must not change them. */
const OWN_ROUTES: ReadonlySet<string | undefined> = new Set([
  '/health',
  '/healthz',
  '/readyz',
  '/status',
  '/metrics',
  '/v1/usage',
]);

/** Returns true for the end of what a client asked for; a preflight is its browser's question. */
function isCounted(end: ObservedEnd): boolean {
  const { route, method, background = false } = end.request;
  if (OWN_ROUTES.has(route) || method === 'OPTIONS') return false;
  return end.type === 'response-end' || (end.status !== SWITCHED && !background);
}

/** @param now Milliseconds of a clock that never goes back. */
export function createRecentRequests(now: () => number = () => performance.now()): RecentRequests {
  /** One entry for each minute with requests, oldest first. */
  const minutes: { minute: number; requests: number; errors: number }[] = [];

  const currentMinute = () => Math.floor(now() / MINUTE_MS);

  function forgetOld(): void {
    const oldest = currentMinute() - MINUTES;
    while (minutes[0] !== undefined && minutes[0].minute <= oldest) minutes.shift();
  }

  return {
    count(end) {
      if (!isCounted(end)) return;
      const outcome = outcomeOf(end);
      forgetOld();
      const minute = currentMinute();
      if (minutes.at(-1)?.minute !== minute) minutes.push({ minute, requests: 0, errors: 0 });
      const entry = minutes.at(-1)!;
      entry.requests += 1;
      if (outcome !== 'ok' && outcome !== 'client_gone') entry.errors += 1;
    },
    read() {
      forgetOld();
      const sum = { requests: 0, errors: 0 };
      for (const { requests, errors } of minutes) {
        sum.requests += requests;
        sum.errors += errors;
      }
      return sum;
    },
  };
}
