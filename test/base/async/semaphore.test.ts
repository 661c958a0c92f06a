import { expect, it } from 'vitest';
import { createSemaphore } from '../../../src/base/async/semaphore.ts';

const NEVER = new AbortController().signal;

/** Takes a place until the returned function is called. */
function take(semaphore: ReturnType<typeof createSemaphore>, signal = NEVER) {
  const end = Promise.withResolvers<void>();
  const work = semaphore.run(signal, async () => await end.promise);
  return { work, end: () => end.resolve() };
}

/** Resolves when a place is free again. */
const free = async (semaphore: ReturnType<typeof createSemaphore>) =>
  await semaphore.run(NEVER, async () => 'in');

it('runs as much work as it has places and queues the rest in order', async () => {
  const semaphore = createSemaphore(1);
  const order: string[] = [];
  const first = take(semaphore);
  const others = ['a', 'b'].map((name) => semaphore.run(NEVER, async () => void order.push(name)));
  expect(semaphore.waiting).toBe(2);
  expect(semaphore.isFull).toBe(true);
  first.end();
  await Promise.all([first.work, ...others]);
  expect(order).toEqual(['a', 'b']);
  expect(semaphore.waiting).toBe(0);
  expect(semaphore.isFull).toBe(false);
});

it('settles as the work does and frees the place when the work rejects or throws', async () => {
  const semaphore = createSemaphore(1);
  expect(await semaphore.run(NEVER, async () => 42)).toBe(42);
  await expect(semaphore.run(NEVER, async () => await Promise.reject(new Error('no')))).rejects.toThrow('no');
  const thrower = () => {
    throw new Error('at once');
  };
  await expect(semaphore.run(NEVER, thrower)).rejects.toThrow('at once');
  expect(await free(semaphore)).toBe('in');
});

it('keeps the place of aborted work until that work has ended', async () => {
  const semaphore = createSemaphore(1);
  const controller = new AbortController();
  const first = take(semaphore, controller.signal);
  controller.abort(new Error('gone'));
  const next = free(semaphore);
  await new Promise((resolve) => setImmediate(resolve));
  expect(semaphore.waiting).toBe(1);
  first.end();
  await first.work;
  expect(await next).toBe('in');
});

it('removes a waiter from the queue at once when its signal aborts', async () => {
  const semaphore = createSemaphore(1);
  const first = take(semaphore);
  const controller = new AbortController();
  const waiting = take(semaphore, controller.signal);
  controller.abort(new Error('gone'));
  await expect(waiting.work).rejects.toThrow('gone');
  expect(semaphore.waiting).toBe(0);
  first.end();
  expect(await free(semaphore)).toBe('in');
});

it('frees the place of a waiter that aborts in the tick in which it was admitted', async () => {
  const semaphore = createSemaphore(1);
  const first = take(semaphore);
  const controller = new AbortController();
  const waiting = take(semaphore, controller.signal);
  first.end();
  await first.work;
  controller.abort(new Error('gone'));
  waiting.end();
  await waiting.work.catch(() => {});
  expect(await free(semaphore)).toBe('in');
});

it('rejects work whose signal has already aborted', async () => {
  const gone = AbortSignal.abort(new Error('gone'));
  await expect(createSemaphore(1).run(gone, async () => {})).rejects.toThrow('gone');
});
