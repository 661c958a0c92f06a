import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Fingerprint } from '../../../../src/codex/chat/continuation/fingerprint.ts';
import { createKeptThreads } from '../../../../src/codex/chat/continuation/kept-threads.ts';
import type { Thread } from '../../../../src/codex/chat/continuation/thread-interface.ts';
import { countOpenTimers, useFakeTimers } from '../../../support/fake-timers.ts';

beforeEach(useFakeTimers);
afterEach(() => void vi.useRealTimers());

const MINUTE = 60_000;

const print = (text: string): Fingerprint => ({
  hash: text,
  phase: undefined,
  isReasoning: false,
  characters: text.length,
});
const held = (text: string) => text.split('').map((letter) => ({ ...print(letter), isOwn: false }));

/** A store of at most three threads, with ten characters together, and the names of those that were released. */
function createStore() {
  const released: string[] = [];
  const ending = new AbortController();
  const store = createKeptThreads({ count: 3, characters: 10, ageMs: 10 * MINUTE }, ending.signal);
  const threads = new Map<string, Thread>();
  function threadOf(id: string): Thread {
    const release = async () => void released.push(id);
    const thread = threads.get(id) ?? ({ id, release } as Partial<Thread> as Thread);
    threads.set(id, thread);
    return thread;
  }
  return {
    store,
    released,
    ending,
    /** Keeps a thread that holds an item for each letter. */
    keep: (id: string, text: string, { key = 'key', callIds = [] as string[] } = {}) =>
      store.keep({ thread: threadOf(id), key, held: held(text), callIds }),
    /** Takes a thread for a conversation with an item for each letter. */
    take: (text: string, { key = 'key', hasResults = false } = {}) => {
      const fingerprints = text.split('').map(print);
      const taken = store.take({ key, fingerprints, hasResultsAfter: () => hasResults });
      return taken && [taken.thread.id, taken.count];
    },
    drop: (id: string) => store.drop(threadOf(id)),
  };
}

describe('the kept threads', () => {
  it('of an app-server that has gone leave nothing behind', () => {
    const { keep, take, drop, ending } = createStore();
    keep('a', 'hello');
    keep('b', 'other');
    take('hello!');
    expect(getEventListeners(ending.signal, 'abort')).toHaveLength(1);
    drop('b');
    expect(getEventListeners(ending.signal, 'abort')).toHaveLength(0);
    expect(countOpenTimers()).toBe(0);
  });

  it('give a thread to the first request that extends its conversation, and to no second one', () => {
    const { keep, take, released } = createStore();
    keep('t', 'ab');
    expect(take('abc')).toEqual(['t', 2]);
    expect(take('abc')).toBeUndefined();
    expect(released).toEqual([]);
  });

  it.each([
    ['another beginning', 'xbc'],
    ['a change in the middle', 'axc'],
    ['a part of it', 'a'],
    ['nothing new', 'ab'],
  ])('give none to a conversation with %s', (_what, text) => {
    const { keep, take } = createStore();
    keep('t', 'ab');
    expect(take(text)).toBeUndefined();
    expect(take('abc')).toEqual(['t', 2]);
  });

  it('give none to another owner, or to a request with other settings', () => {
    const { keep, take, store } = createStore();
    keep('t', 'ab');
    expect([store.has('key'), store.has('other')]).toEqual([true, false]);
    expect(take('abc', { key: 'other' })).toBeUndefined();
  });

  it('give the one that holds most, and of equal ones the newest', () => {
    const { keep, take } = createStore();
    keep('short', 'a');
    keep('long', 'abc');
    keep('short again', 'a');
    expect(take('abcd')).toEqual(['long', 3]);
    expect(take('abcd')).toEqual(['short again', 1]);
    expect(take('abcd')).toEqual(['short', 1]);
  });

  it('give one whose calls wait only to their results', () => {
    const { keep, take } = createStore();
    keep('t', 'ab', { callIds: ['call'] });
    expect(take('abc')).toBeUndefined();
    expect(take('abc', { hasResults: true })).toEqual(['t', 2]);
  });

  it('are bounded in number and size: the oldest is released', () => {
    const { keep, released } = createStore();
    for (const id of ['1', '2', '3', '4']) keep(id, 'ab');
    expect(released).toEqual(['1']);
    keep('5', 'abcdefg');
    expect(released).toEqual(['1', '2', '3']);
  });

  it('stay when a conversation is longer than all may be together, and that one is released', () => {
    const { keep, take, released } = createStore();
    keep('a', 'aa');
    keep('b', 'b'.repeat(11));
    expect(released).toEqual(['b']);
    expect(take('aa!')).toEqual(['a', 2]);
  });

  it('are released after some minutes, with one timer for all and none at rest', async () => {
    const { keep, take, released } = createStore();
    keep('1', 'a');
    await vi.advanceTimersByTimeAsync(6 * MINUTE);
    keep('2', 'b');
    expect(countOpenTimers()).toBe(1);
    await vi.advanceTimersByTimeAsync(5 * MINUTE);
    expect(released).toEqual(['1']);
    expect(take('bc')).toEqual(['2', 1]);
    expect(countOpenTimers()).toBe(0);
  });

  it('are released when they can no longer be continued', () => {
    const { keep, drop, take, released } = createStore();
    keep('1', 'a');
    keep('2', 'a');
    drop('1');
    drop('unknown');
    expect(released).toEqual(['1']);
    expect(take('ab')).toEqual(['2', 1]);
  });

  it('are all released when there are no further requests, and none is kept from then on', () => {
    const { keep, ending, released } = createStore();
    keep('1', 'a');
    keep('2', 'b', { callIds: ['call'] });
    ending.abort();
    expect(released).toEqual(['1', '2']);
    keep('3', 'c');
    expect(released).toEqual(['1', '2', '3']);
    expect(countOpenTimers()).toBe(0);
  });
});
