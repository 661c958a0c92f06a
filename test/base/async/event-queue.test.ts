import { expect, it } from 'vitest';
import { createEventQueue, MAX_BATCH } from '../../../src/base/async/event-queue.ts';
import { flatten } from '../../support/flatten.ts';

const create = (capacity = 10) =>
  createEventQueue<string>({ capacity, sizeOf: (text) => text.length, onFull: () => new Error('full') });

it('yields every event in order, whether pushed before or during reading', async () => {
  const queue = create();
  queue.push('a');
  queue.push('b');
  const read = Array.fromAsync(flatten(queue));
  setImmediate(() => {
    queue.push('c');
    queue.end();
  });
  expect(await read).toEqual(['a', 'b', 'c']);
});

it('yields the events that wait for the reader in one batch', async () => {
  const queue = create();
  queue.push('a');
  queue.push('b');
  const iterator = queue[Symbol.asyncIterator]();
  expect(await iterator.next()).toEqual({ done: false, value: ['a', 'b'] });
  const next = iterator.next();
  queue.push('c');
  queue.push('d');
  expect(await next).toEqual({ done: false, value: ['c', 'd'] });
});

it('hands a large number of waiting events over in bounded batches, and counts those that are left', async () => {
  const queue = create(MAX_BATCH + 3);
  for (let count = 0; count < MAX_BATCH + 2; count += 1) queue.push('a');
  const iterator = queue[Symbol.asyncIterator]();
  expect((await iterator.next()).value).toHaveLength(MAX_BATCH);
  const large = 'b'.repeat(MAX_BATCH + 1);
  expect(queue.push(large)).toBe(true);
  expect(queue.push('c')).toBe(false);
  expect((await iterator.next()).value).toEqual(['a', 'a', large]);
  await expect(iterator.next()).rejects.toThrow('full');
});

it('fails only after the events pushed before the failure have been read', async () => {
  const queue = create();
  queue.push('a');
  queue.fail(new Error('broken'));
  expect(queue.push('b')).toBe(false);
  const seen: string[] = [];
  const read = (async () => {
    for await (const text of flatten(queue)) seen.push(text);
  })();
  await expect(read).rejects.toThrow('broken');
  expect(seen).toEqual(['a']);
});

it('fails when unread events exceed the capacity', async () => {
  const queue = create(3);
  expect(queue.push('abc')).toBe(true);
  expect(queue.push('d')).toBe(false);
  await expect(Array.fromAsync(flatten(queue))).rejects.toThrow('full');
});

it('accepts a single event of any size when the queue is empty', async () => {
  const queue = create(3);
  expect(queue.push('abcdef')).toBe(true);
  expect(queue.push('g')).toBe(false);
});

it('counts only unread events towards the capacity', async () => {
  const queue = create(3);
  const iterator = flatten(queue)[Symbol.asyncIterator]();
  for (const text of ['abc', 'def', 'ghi']) {
    expect(queue.push(text)).toBe(true);
    expect(await iterator.next()).toEqual({ done: false, value: text });
  }
});

it('ignores a failure after the queue has ended', async () => {
  const queue = create();
  queue.end();
  queue.fail(new Error('late'));
  expect(await Array.fromAsync(flatten(queue))).toEqual([]);
});
