import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Overview } from '../../../src/console/contract/overview.ts';
import type { TrafficChange } from '../../../src/console/contract/traffic.ts';
import { feedOverview } from '../../../src/console/overview/overview-feed.ts';
import { createConsoleRecorder } from '../../../src/console/recording/console-recorder.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';

beforeEach(useFakeTimers);
afterEach(() => void vi.useRealTimers());

const CHANGE = { type: 'turn-settled', model: 'm', ms: 1 } as const;
const FIRST = { type: 'first-output', id: 'req_1', model: 'm', ms: 5 } as const;

function open() {
  const recorder = createConsoleRecorder({ requestLog: { count: 10, bodies: false } });
  const published: { event: string; data: object }[] = [];
  const live = {
    isFollowed: true,
    publish: (event: string, data: object) => void published.push({ event, data }),
  };
  const state = { running: 0, reads: 0, reading: Promise.resolve() };
  feedOverview({
    live,
    recorder,
    async read() {
      state.reads += 1;
      const { running } = state;
      await state.reading;
      return {
        turns: { running, waiting: 0 },
        memory: { gateway: state.reads, child: 0 },
      } as Overview;
    },
  });
  return { recorder, published, live, state, names: () => published.map(({ event }) => event) };
}

it('the state is published soon after a change, and once a second at most', async () => {
  const { recorder, state, names } = open();
  recorder.listen(CHANGE, {});
  await vi.advanceTimersByTimeAsync(50);
  expect(names()).toEqual(['overview']);
  for (let count = 0; count < 1_000; count += 1) {
    state.running = count;
    recorder.listen(CHANGE, {});
    await vi.advanceTimersByTimeAsync(5);
  }
  expect(names().length).toBeGreaterThanOrEqual(5);
  expect(names().length).toBeLessThanOrEqual(6);
});

it('a state whose memory alone has changed is not published, and what was asked is', async () => {
  const { recorder, names } = open();
  recorder.listen(CHANGE, {});
  await vi.advanceTimersByTimeAsync(2_000);
  recorder.listen(FIRST, {});
  await vi.advanceTimersByTimeAsync(2_000);
  expect(names()).toEqual(['overview', 'traffic']);
});

it('a turn that runs is published for every minute, though nothing else happens', async () => {
  vi.setSystemTime(600_000);
  const { recorder, state, published, live } = open();
  state.running = 1;
  recorder.listen({ type: 'turns-changed', running: 1, waiting: 0 }, {});
  await vi.advanceTimersByTimeAsync(5 * 60_000 + 1_000);
  const minutes = published
    .filter(({ event }) => event === 'traffic')
    .map(({ data }) => (data as TrafficChange).hour.at(-1));
  expect(minutes).toMatchObject(
    [10, 11, 12, 13, 14, 15].map((minute) => ({ at: minute * 60_000, running: 1 })),
  );
  live.isFollowed = false;
  const count = published.length;
  await vi.advanceTimersByTimeAsync(2 * 60_000);
  expect(published).toHaveLength(count);
  expect(countOpenTimers()).toBe(0);
});

it('a change that comes while the state is read is published with the next one', async () => {
  const { recorder, state, names } = open();
  const slow = Promise.withResolvers<void>();
  state.reading = slow.promise;
  recorder.listen(CHANGE, {});
  await vi.advanceTimersByTimeAsync(100);
  state.running = 1;
  recorder.listen(CHANGE, {});
  slow.resolve();
  await vi.advanceTimersByTimeAsync(3_000);
  expect(names()).toEqual(['overview', 'overview']);
  state.running = 0;
  recorder.listen(CHANGE, {});
  await vi.advanceTimersByTimeAsync(3_000);
  expect(names()).toHaveLength(3);
  expect(countOpenTimers()).toBe(0);
});

it('while nobody follows, nothing is read and no timer is set', () => {
  const { recorder, live, state } = open();
  live.isFollowed = false;
  recorder.listen(CHANGE, {});
  expect(countOpenTimers()).toBe(0);
  expect(state.reads).toBe(0);
});
