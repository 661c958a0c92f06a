import { expect, it } from 'vitest';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { createFairSemaphore } from '../../../src/base/async/fair-semaphore.ts';

/** A semaphore with one permit, which is held until `open` is called, and the names of the work in the order of its start. */
function create() {
  const semaphore = createFairSemaphore(1);
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const order: string[] = [];
  const all = [semaphore.run('holder', NEVER_ABORTED, () => gate)];
  function ask(name: string, signal = NEVER_ABORTED, isFirst = false): Promise<void> {
    const asked = semaphore.run(name[0]!, signal, async () => void order.push(name), isFirst);
    all.push(asked);
    return asked;
  }
  async function settle(): Promise<string[]> {
    open();
    await Promise.allSettled(all);
    return order;
  }
  return { semaphore, ask, settle };
}

it('those who ask take turns, and the work of each begins in the order in which it came', async () => {
  const { ask, settle } = create();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']) void ask(name);
  expect(await settle()).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
});

it('one request is next after one of every other asker, however many they have in the queue', async () => {
  const { ask, settle } = create();
  for (let index = 0; index < 500; index += 1) void ask(`a${index}`);
  void ask('b');
  expect((await settle()).indexOf('b')).toBe(1);
});

it('work that comes first is before all that waits, in the order in which it came', async () => {
  const { ask, settle } = create();
  void ask('a');
  void ask('b1', NEVER_ABORTED, true);
  void ask('b2', NEVER_ABORTED, true);
  expect(await settle()).toEqual(['b1', 'b2', 'a']);
});

it('those who give up leave the queue, and nobody waits for them', async () => {
  const { semaphore, ask, settle } = create();
  const [first, second] = [new AbortController(), new AbortController()];
  const [gone, urgent] = [ask('a', first.signal), ask('b', second.signal, true)];
  void ask('c');
  expect(semaphore.waiting).toBe(3);
  first.abort(new Error('a left'));
  second.abort(new Error('b left'));
  await expect(gone).rejects.toThrow('a left');
  await expect(urgent).rejects.toThrow('b left');
  expect(semaphore.waiting).toBe(1);
  expect(await settle()).toEqual(['c']);
  expect(semaphore).toMatchObject({ taken: 0, waiting: 0 });
});

it('a permit that is handed to work that is given up in the same tick goes on to the next', async () => {
  const semaphore = createFairSemaphore(1);
  const controller = new AbortController();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const holder = semaphore.run('a', NEVER_ABORTED, () => gate);
  const gone = semaphore.run('b', controller.signal, async () => {});
  const next = semaphore.run('c', NEVER_ABORTED, async () => 'ran');
  open();
  void holder.then(() => controller.abort(new Error('gone')));
  await Promise.allSettled([holder, gone]);
  expect(await next).toBe('ran');
  expect(semaphore).toMatchObject({ taken: 0, waiting: 0 });
});

it('work that fails gives its permit back', async () => {
  const semaphore = createFairSemaphore(1);
  await expect(semaphore.run('a', NEVER_ABORTED, () => Promise.reject(new Error('no')))).rejects.toThrow(
    'no',
  );
  expect(semaphore.taken).toBe(0);
});
