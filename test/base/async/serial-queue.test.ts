import { expect, it } from 'vitest';
import { createSerialQueue } from '../../../src/base/async/serial-queue.ts';

function create(count = 10, capacity = 10) {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const started: string[] = [];
  const line = createSerialQueue<string>(
    async (task) => {
      started.push(task);
      const gate = Promise.withResolvers<void>();
      gates.set(task, gate);
      await gate.promise;
    },
    { count, capacity, sizeOf: ({ length }) => length },
  );
  const finish = async (task: string) => {
    gates.get(task)!.resolve();
    await new Promise(setImmediate);
  };
  return { line, started, finish };
}

it('runs one task after another in order', async () => {
  const { line, started, finish } = create();
  for (const task of ['a', 'b', 'c']) expect(line.push(task)).toBe(true);
  expect(started).toEqual(['a']);
  await finish('a');
  expect(started).toEqual(['a', 'b']);
  await finish('b');
  await finish('c');
  expect(line.push('d')).toBe(true);
  expect(started).toEqual(['a', 'b', 'c', 'd']);
});

it('refuses a task when the maximum number of tasks is waiting', async () => {
  const { line, finish } = create(2);
  expect(['a', 'b', 'c', 'd'].map((task) => line.push(task))).toEqual([true, true, true, false]);
  await finish('a');
  expect(line.push('d')).toBe(true);
});

it('refuses a task that exceeds the total size, except when nothing else waits', async () => {
  const { line, finish } = create(10, 3);
  expect(['a', 'long one', 'b'].map((task) => line.push(task))).toEqual([true, true, false]);
  await finish('a');
  expect(['b', 'cd', 'e'].map((task) => line.push(task))).toEqual([true, true, false]);
});

it('waits for the running task when it ends and returns the tasks that never ran', async () => {
  const { line, started, finish } = create();
  for (const task of ['a', 'b', 'c']) line.push(task);
  let left: readonly string[] | undefined;
  const ending = line.end().then((tasks) => (left = tasks));
  expect(line.push('d')).toBe(false);
  await new Promise(setImmediate);
  expect(left).toBeUndefined();
  await finish('a');
  expect(await ending).toEqual(['b', 'c']);
  expect(started).toEqual(['a']);
});
