import { expect, it, vi } from 'vitest';
import { abortable } from '../../../src/base/async/abort.ts';

it('abortable settles as the promise does and removes its listener from the signal', async () => {
  const controller = new AbortController();
  const remove = vi.spyOn(controller.signal, 'removeEventListener');
  expect(await abortable(Promise.resolve(1), controller.signal)).toBe(1);
  expect(remove).toHaveBeenCalledOnce();
});

it('abortable rejects with the abort reason of the signal', async () => {
  const controller = new AbortController();
  const waiting = abortable(new Promise(() => {}), controller.signal);
  controller.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
});

it('abortable handles the rejection of a promise that fails after the signal has aborted', async () => {
  const late = Promise.withResolvers<never>();
  await expect(abortable(late.promise, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  late.reject(new Error('late'));
});
