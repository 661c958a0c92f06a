import { expect, it, vi } from 'vitest';
import { abortable, withTimeout } from '../../src/base/abort.ts';

it('abortable settles as the promise does, and takes its listener off the signal', async () => {
  const controller = new AbortController();
  const remove = vi.spyOn(controller.signal, 'removeEventListener');
  expect(await abortable(Promise.resolve(1), controller.signal)).toBe(1);
  expect(remove).toHaveBeenCalledOnce();
});

it('abortable rejects with the reason of the signal', async () => {
  const controller = new AbortController();
  const waiting = abortable(new Promise(() => {}), controller.signal);
  controller.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});

it('withTimeout rejects when the time is over', async () => {
  vi.useFakeTimers();
  const waiting = withTimeout(new Promise(() => {}), 1000, () => new Error('late'));
  vi.advanceTimersByTime(1000);
  vi.useRealTimers();
  await expect(waiting).rejects.toThrow('late');
});
