import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createMemoryTidying } from '../../../src/app/lifecycle/tidy-memory.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';

const MEGABYTE = 1024 * 1024;

beforeEach(() => useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

/** A heap of 60 MB; a collection leaves 25. */
function create() {
  const state = { collections: 0, isBusy: false, bytes: 60 * MEGABYTE };
  const tidying = createMemoryTidying({
    isBusy: () => state.isBusy,
    heapBytes: () => state.bytes,
    collect() {
      state.collections += 1;
      state.bytes = 25 * MEGABYTE;
    },
  });
  return { state, ...tidying };
}

it('memory is given back once, a second after the last request', () => {
  const { state, touch } = create();
  touch();
  vi.advanceTimersByTime(900);
  touch();
  vi.advanceTimersByTime(900);
  expect(state.collections).toBe(0);
  vi.advanceTimersByTime(100);
  expect(state.collections).toBe(1);
  vi.advanceTimersByTime(600_000);
  expect(state.collections).toBe(1);
  expect(countOpenTimers()).toBe(0);
});

it('nothing is collected while a request runs, or when little would be gained', () => {
  const { state, touch } = create();
  state.isBusy = true;
  touch();
  vi.advanceTimersByTime(60_000);
  expect(state.collections).toBe(0);
  state.isBusy = false;
  touch();
  vi.advanceTimersByTime(60_000);
  expect(state.collections).toBe(1);
  touch();
  vi.advanceTimersByTime(60_000);
  expect(state.collections).toBe(1);
});

it('a client that asks every two seconds is stopped at most every ten seconds', () => {
  const { state, touch } = create();
  for (let second = 0; second < 60; second += 2) {
    state.bytes = 60 * MEGABYTE;
    touch();
    vi.advanceTimersByTime(2_000);
  }
  expect(state.collections).toBeGreaterThan(3);
  expect(state.collections).toBeLessThan(8);
});

it('nothing is left to do once it is stopped', () => {
  const { state, touch, stop } = create();
  touch();
  stop();
  // A request that ends late, as at the end of a drain.
  touch();
  expect(countOpenTimers()).toBe(0);
  vi.advanceTimersByTime(60_000);
  expect(state.collections).toBe(0);
});

it('V8 collects garbage without a flag of the command line', () => {
  const { touch } = createMemoryTidying({ isBusy: () => false });
  const before = process.execArgv;
  touch();
  expect(() => vi.advanceTimersByTime(1_000)).not.toThrow();
  expect(process.execArgv).toEqual(before);
});
