import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createSharedLook } from '../../src/access/shared-look.ts';
import { useFakeTimers } from '../support/fake-timers.ts';

beforeEach(useFakeTimers);
afterEach(() => void vi.useRealTimers());

/** Resolves to true if the promise has settled after the milliseconds. */
async function isOverAfter(waiting: Promise<void>, ms: number): Promise<boolean> {
  let isOver = false;
  void waiting.then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(ms);
  return isOver;
}

it('a disk that does not answer holds the first requests for a second, and later ones not at all', async () => {
  const disk = Promise.withResolvers<void>();
  let looks = 0;
  const look = createSharedLook(async () => {
    looks += 1;
    await disk.promise;
  });
  const first = look.run();
  expect(await isOverAfter(first, 990)).toBe(false);
  expect(await isOverAfter(look.run(), 20)).toBe(true);
  expect(look.isLate()).toBe(true);
  expect(await isOverAfter(look.run(), 0)).toBe(true);
  expect(looks).toBe(1);
  disk.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(look.isLate()).toBe(false);
  await look.run();
  expect(looks).toBe(2);
});

it('a process that had no time for its disk waits for it all the same', async () => {
  vi.useRealTimers();
  const look = createSharedLook(async () => {
    for (let count = 0; count < 5; count += 1) await readdir(import.meta.dirname);
  });
  const first = look.run();
  // The process stands still for longer than requests wait.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_100);
  const seen: boolean[] = [];
  await first.then(() => seen.push(look.isLate()));
  expect(seen).toEqual([false]);
});
