import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { sleep } from '../../../src/base/async/sleep.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';

beforeEach(useFakeTimers);
afterEach(() => void vi.useRealTimers());

it('a sleep ends after its time', async () => {
  const ended = vi.fn<() => void>();
  const sleeping = sleep(1_000, NEVER_ABORTED).then(ended);
  await vi.advanceTimersByTimeAsync(999);
  expect(ended).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await sleeping;
  expect(ended).toHaveBeenCalledOnce();
});

it('an aborted sleep rejects at once with the reason, and leaves no timer', async () => {
  const stop = new AbortController();
  const sleeping = sleep(1_000, stop.signal);
  stop.abort(new Error('stopped'));
  await expect(sleeping).rejects.toThrow('stopped');
  await expect(sleep(1_000, stop.signal)).rejects.toThrow('stopped');
  expect(countOpenTimers()).toBe(0);
});
