import { expect, it } from 'vitest';
import { createSemaphore } from '../../src/base/semaphore.ts';

it('lets in as many as it has places, the rest in their order', async () => {
  const semaphore = createSemaphore(1);
  const order: string[] = [];
  const first = await semaphore.acquire();
  const others = ['a', 'b'].map(async (name) => {
    const release = await semaphore.acquire();
    order.push(name);
    release();
  });
  expect(semaphore.waiting).toBe(2);
  first();
  await Promise.all(others);
  expect(order).toEqual(['a', 'b']);
  expect(semaphore.waiting).toBe(0);
});

it('a place that is given back twice counts once', async () => {
  const semaphore = createSemaphore(1);
  const release = await semaphore.acquire();
  release();
  release();
  await semaphore.acquire();
  void semaphore.acquire();
  expect(semaphore.waiting).toBe(1);
});

it('one that gives up waiting leaves the queue and takes no place', async () => {
  const semaphore = createSemaphore(1);
  const release = await semaphore.acquire();
  const controller = new AbortController();
  const waiting = semaphore.acquire(controller.signal);
  controller.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  release();
  await expect(semaphore.acquire()).resolves.toBeTypeOf('function');
});

it('one that gives up in the tick in which its place came passes it on', async () => {
  const semaphore = createSemaphore(1);
  const release = await semaphore.acquire();
  const controller = new AbortController();
  const waiting = semaphore.acquire(controller.signal);
  controller.abort(new Error('gone'));
  release();
  await expect(waiting).rejects.toThrow('gone');
  await expect(semaphore.acquire()).resolves.toBeTypeOf('function');
});

it('refuses a signal that has aborted already', async () => {
  await expect(createSemaphore(1).acquire(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
});
