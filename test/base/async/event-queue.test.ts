import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BATCH_INTERVAL_MS, createEventQueue, MAX_BATCH } from '../../../src/base/async/event-queue.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';
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

describe('events that can wait', () => {
  beforeEach(useFakeTimers);
  afterEach(() => void vi.useRealTimers());

  /** A queue in which only `!` cannot wait, and the batches that its reader has got. */
  function read() {
    const queue = createEventQueue<string>({
      capacity: 100,
      sizeOf: () => 1,
      onFull: () => new Error('full'),
      canWait: (text) => text !== '!',
    });
    const batches: (readonly string[])[] = [];
    const reading = (async () => {
      for await (const batch of queue) batches.push(batch);
    })();
    return { queue, batches, reading };
  }

  it('are handed over at once if none came shortly before', async () => {
    const { queue, batches } = read();
    queue.push('!');
    await vi.advanceTimersByTimeAsync(0);
    for (const text of ['a', 'b', 'c']) {
      queue.push(text);
      await vi.advanceTimersByTimeAsync(0);
      expect(batches.at(-1)).toEqual([text]);
      await vi.advanceTimersByTimeAsync(BATCH_INTERVAL_MS);
    }
    // None of them took a timer.
    expect(countOpenTimers()).toBe(0);
  });

  it('are handed over together with those that follow shortly after', async () => {
    const { queue, batches } = read();
    for (const text of ['a', 'b', 'c']) {
      queue.push(text);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(batches).toEqual([['a']]);
    await vi.advanceTimersByTimeAsync(BATCH_INTERVAL_MS);
    expect(batches).toEqual([['a'], ['b', 'c']]);
  });

  it.each(['another event', 'the end'])('wait no longer when %s comes', async (next) => {
    const { queue, batches } = read();
    for (const text of ['a', 'b']) {
      queue.push(text);
      await vi.advanceTimersByTimeAsync(0);
    }
    if (next === 'the end') queue.end();
    else queue.push('!');
    await vi.advanceTimersByTimeAsync(0);
    expect(batches.flat()).toEqual(next === 'the end' ? ['a', 'b'] : ['a', 'b', '!']);
    expect(countOpenTimers()).toBe(0);
  });

  it('come before a failure', async () => {
    const { queue, batches, reading } = read();
    for (const text of ['a', 'b']) {
      queue.push(text);
      await vi.advanceTimersByTimeAsync(0);
    }
    queue.fail(new Error('broken'));
    await expect(reading).rejects.toThrow('broken');
    expect(batches).toEqual([['a'], ['b']]);
  });
});
