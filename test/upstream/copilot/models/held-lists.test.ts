import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { createHeldLists } from '../../../../src/upstream/copilot/models/held-lists.ts';

const MINUTE_MS = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  vi.useRealTimers();
});

function createReader() {
  const onKept = vi.fn<(error: unknown) => void>();
  const lists = createHeldLists<string>(onKept);
  const read = vi.fn<() => Promise<string>>();
  return {
    lists,
    read,
    onKept,
    ask: async (account = 'a') => await lists.read(account, read, NEVER_ABORTED),
  };
}

it('reads a list once in ten minutes', async () => {
  const { read, ask } = createReader();
  read.mockResolvedValueOnce('one').mockResolvedValueOnce('two');
  expect(await ask()).toBe('one');
  vi.advanceTimersByTime(10 * MINUTE_MS - 1);
  expect(await ask()).toBe('one');
  vi.advanceTimersByTime(1);
  expect(await ask()).toBe('two');
  expect(read).toHaveBeenCalledTimes(2);
});

it('keeps a list that cannot be read again, and tries again after half a minute', async () => {
  const { read, ask, onKept } = createReader();
  const limited = new Error('429');
  read.mockResolvedValueOnce('one').mockRejectedValueOnce(limited).mockResolvedValueOnce('two');
  await ask();
  vi.advanceTimersByTime(10 * MINUTE_MS);
  expect(await ask()).toBe('one');
  expect(await ask()).toBe('one');
  expect(read).toHaveBeenCalledTimes(2);
  expect(onKept.mock.calls).toEqual([[limited]]);
  vi.advanceTimersByTime(MINUTE_MS / 2);
  expect(await ask()).toBe('two');
});

it('fails with the error of a list that was never read, and reads it at the next request', async () => {
  const { read, ask } = createReader();
  read.mockRejectedValueOnce(new Error('down')).mockResolvedValueOnce('one');
  await expect(ask()).rejects.toThrow('down');
  expect(await ask()).toBe('one');
});

it('reads a list once for all who wait for it, and a caller who leaves does not end that', async () => {
  const { lists, read } = createReader();
  const { promise, resolve } = Promise.withResolvers<string>();
  read.mockReturnValue(promise);
  const leaving = new AbortController();
  const first = lists.read('a', read, leaving.signal);
  const second = lists.read('a', read, NEVER_ABORTED);
  leaving.abort(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  resolve('one');
  expect(await second).toBe('one');
  expect(read).toHaveBeenCalledTimes(1);
});

it('holds a list for each account', async () => {
  const { lists, read, ask } = createReader();
  read.mockResolvedValueOnce('of a').mockResolvedValueOnce('of b');
  expect(await ask('a')).toBe('of a');
  expect(lists.held('b')).toBeUndefined();
  expect(await ask('b')).toBe('of b');
  expect(await ask('a')).toBe('of a');
  expect(lists.held('a')).toBe('of a');
});

it('forgets the account that was used longest ago when there are more than twenty', async () => {
  const { lists, read, ask } = createReader();
  read.mockResolvedValue('list');
  for (let index = 0; index < 20; index += 1) await ask(`account ${index}`);
  await ask('account 0');
  await ask('one more');
  expect(lists.held('account 0')).toBe('list');
  expect(lists.held('account 1')).toBeUndefined();
});
