import { vi } from 'vitest';

/** Timers that code in `src` has set and that have neither fired nor been cleared. */
const open = new Set<unknown>();

/** Fakes timers as `vi.useFakeTimers` does, and keeps account of those of the code under test. */
export function useFakeTimers(): void {
  vi.useFakeTimers();
  open.clear();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const setOwn = (callback: () => void, ms?: number, ...args: []) => {
    if (!isSetBySource()) return set(callback, ms, ...args);
    const timer = set(() => {
      open.delete(timer);
      callback(...args);
    }, ms);
    open.add(timer);
    return timer;
  };
  globalThis.setTimeout = setOwn as typeof setTimeout;
  globalThis.clearTimeout = (timer) => {
    open.delete(timer);
    clear(timer);
  };
}

/** Returns the number of those timers. Node's own HTTP client sets timers in the same process, which do not count. */
export function countOpenTimers(): number {
  return open.size;
}

/** Returns true if the function that has called `setTimeout` is in `src`. */
function isSetBySource(): boolean {
  const [, , , caller = ''] = (new Error().stack ?? '').split('\n');
  return caller.includes('/src/');
}
