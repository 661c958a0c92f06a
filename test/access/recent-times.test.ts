import { expect, it } from 'vitest';
import { createRecentTimes } from '../../src/access/recent-times.ts';

/** Returns times of a minute, and a clock that moves only when the test moves it. */
function start() {
  let time = 0;
  const times = createRecentTimes(60_000, () => time);
  return {
    times,
    wait: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

it('what happened longer than the span ago does not count', () => {
  const { times, wait } = start();
  times.add();
  wait(30_000);
  times.add();
  expect(times.count()).toBe(2);
  wait(30_000);
  expect(times.count()).toBe(1);
});

it('the wait lasts until the oldest one that counts has left the span', () => {
  const { times, wait } = start();
  expect(times.waitMs(2)).toBe(0);
  times.add();
  wait(10_000);
  times.add();
  wait(5_000);
  expect(times.waitMs(3)).toBe(0);
  expect(times.waitMs(2)).toBe(45_000);
  expect(times.waitMs(1)).toBe(55_000);
  wait(45_000);
  expect(times.waitMs(2)).toBe(0);
});

it('counts rightly after many times have come and gone', () => {
  const { times, wait } = start();
  for (let turn = 0; turn < 5_000; turn += 1) {
    times.add();
    wait(100);
  }
  expect(times.count()).toBe(599);
});
