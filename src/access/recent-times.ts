/** Counts what happened within a span of time that moves on. */
export interface RecentTimes {
  add(): void;
  count(): number;
  /** Returns the milliseconds until fewer than this number are left; 0 if that is so already. */
  waitMs(limit: number): number;
}

/** Times that have left the span before their memory is given back. */
const MAX_LEFT = 1_024;

/** @param now Milliseconds of a clock that does not jump. */
export function createRecentTimes(spanMs: number, now: () => number): RecentTimes {
  let times: number[] = [];
  let first = 0;

  function leave(): void {
    const oldest = now() - spanMs;
    while (first < times.length && times[first]! <= oldest) first += 1;
    if (first < MAX_LEFT && first < times.length) return;
    times = times.slice(first);
    first = 0;
  }

  return {
    add() {
      leave();
      times.push(now());
    },
    count() {
      leave();
      return times.length - first;
    },
    waitMs(limit) {
      leave();
      const deciding = times[times.length - limit];
      return times.length - first < limit || deciding === undefined ? 0 : deciding + spanMs - now();
    },
  };
}
