import { expect, it, onTestFinished, vi } from 'vitest';
import { watchSize } from '../../../src/codex/runtime/watch-size.ts';
import { createMemoryLog } from '../../support/memory-log.ts';

const LIMITS = { memoryBytes: 100, logBytes: 10 };

/** Watches an instance whose size the test sets. */
function watch() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const size = { memoryBytes: 100, logBytes: 10 };
  const instance = { size: vi.fn(async () => ({ ...size })) };
  const renew = vi.fn(() => true);
  const log = createMemoryLog();
  const stop = watchSize({ open: () => [instance], renew }, LIMITS, log);
  onTestFinished(stop);
  return { size, instance, renew, log, stop };
}

const pass = async (seconds: number) => void (await vi.advanceTimersByTimeAsync(seconds * 1000));

it('an app-server within its limits is kept', async () => {
  const { renew, instance } = watch();
  await pass(60);
  expect(instance.size.mock.calls.length).toBeGreaterThan(10);
  expect(renew).not.toHaveBeenCalled();
});

it.each([
  ['memoryBytes', /memory/],
  ['logBytes', /log/],
] as const)(
  'an app-server whose %s are over the limit is replaced, and the log says so',
  async (part, words) => {
    const { size, instance, renew, log } = watch();
    size[part] += 1;
    await pass(4);
    expect(renew.mock.calls).toEqual([[instance]]);
    expect(log.lines).toEqual([expect.stringMatching(words)]);
  },
);

it('an app-server that is too large from its start is replaced only from time to time', async () => {
  const { size, renew } = watch();
  size.memoryBytes = 1000;
  await pass(29);
  expect(renew).toHaveBeenCalledTimes(1);
  await pass(60);
  expect(renew.mock.calls.length).toBeLessThanOrEqual(3);
});

it('a size that cannot be read is read again', async () => {
  const { size, instance, renew } = watch();
  instance.size.mockRejectedValueOnce(new Error('gone'));
  size.memoryBytes = 101;
  await pass(7);
  expect(renew).toHaveBeenCalledTimes(1);
});

it('nothing is watched after the stop', async () => {
  const { instance, stop } = watch();
  stop();
  await pass(60);
  expect(instance.size).not.toHaveBeenCalled();
});
