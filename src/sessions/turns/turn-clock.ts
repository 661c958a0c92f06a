/** Measures the time of a turn, without the time in which it waits for a person. */
export interface TurnClock {
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Starts a clock that calls `onExpire` after the given milliseconds. */
export function startTurnClock(milliseconds: number, onExpire: () => void): TurnClock {
  let left = milliseconds;
  let since = performance.now();
  let timer: NodeJS.Timeout | undefined;

  function pause(): void {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    left -= performance.now() - since;
  }
  function resume(): void {
    if (timer !== undefined) return;
    since = performance.now();
    timer = setTimeout(onExpire, Math.max(left, 0));
  }

  resume();
  return { pause, resume, stop: pause };
}
