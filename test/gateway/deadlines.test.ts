import { expect, it, onTestFinished, vi } from 'vitest';
import { createDeadlineClock } from '../../src/gateway/deadlines.ts';

it('a turn that gets its place when its reader has left holds up no end of the process', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const clock = createDeadlineClock({ start: 1, firstByte: 1, turn: 1 }, new AbortController().signal);
  clock.begin('start');
  clock.stop();
  const kept = clock.begin('turn');
  expect(vi.getTimerCount()).toBe(0);
  kept();
  vi.advanceTimersByTime(2_000);
  expect(clock.signal.aborted).toBe(false);
});
