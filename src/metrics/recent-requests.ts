import { isClientEnd, isError, outcomeOf, type ObservedEnd } from '../base/outcome.ts';

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
      if (!isClientEnd(end)) return;
      const outcome = outcomeOf(end);
      forgetOld();
      const minute = currentMinute();
      if (minutes.at(-1)?.minute !== minute) minutes.push({ minute, requests: 0, errors: 0 });
      const entry = minutes.at(-1)!;
      entry.requests += 1;
      if (isError(outcome)) entry.errors += 1;
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
