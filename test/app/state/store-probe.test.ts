import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStoreProbe } from '../../../src/app/state/store-probe.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it.each(['checkWritable', 'deleteConversation'] as const)(
  'a disk on which %s gets no answer counts as not writable after a second, and is asked once',
  async (silent) => {
    const answer = Promise.withResolvers<boolean>();
    const store = { checkWritable: vi.fn(async () => {}), deleteConversation: vi.fn(async () => false) };
    store[silent].mockImplementationOnce(() => answer.promise as Promise<never>);
    const probe = createStoreProbe(store);
    for (const _look of [1, 2]) {
      const found = probe();
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await found).toBe(false);
    }
    expect(store[silent]).toHaveBeenCalledTimes(1);
    answer.resolve(false);
    await vi.advanceTimersByTimeAsync(0);
    expect(await probe()).toBe(true);
    expect(store[silent]).toHaveBeenCalledTimes(2);
  },
);

it('a store that refuses to write is not writable', async () => {
  const full = async () => {
    throw new Error('full');
  };
  expect(await createStoreProbe({ checkWritable: full, deleteConversation: async () => false })()).toBe(
    false,
  );
});
