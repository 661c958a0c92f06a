import { dirname, relative, sep } from 'node:path';
import { expect, vi } from 'vitest';

/** Timers that the code under test has set and that have neither fired nor been cleared. */
const open = new Set<unknown>();

/** The folder of tests, whose tree is that of `src`. */
const TESTS = dirname(import.meta.dirname);

/**
 * Fakes timers as `vi.useFakeTimers` does, and keeps account of those of the code under test, which is the folder of
 * `src` that has the same path as the folder of the test.
 */
export function useFakeTimers(): void {
  vi.useFakeTimers();
  open.clear();
  const folder = relative(TESTS, dirname(expect.getState().testPath ?? '')).replaceAll(sep, '/');
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  const setOwn = (callback: () => void, ms?: number, ...args: []) => {
    if (!isCalledFrom(`/src/${folder}/`)) return set(callback, ms, ...args);
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

/**
 * Returns the number of those timers. Node's own HTTP client and what an earlier test has left in the same process set
 * timers too, which do not count.
 */
export function countOpenTimers(): number {
  return open.size;
}

/** Returns true if a function of this folder is among the callers of `setTimeout`. */
function isCalledFrom(folder: string): boolean {
  return (new Error().stack ?? '').includes(folder);
}
