import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createReadiness } from '../../../src/app/lifecycle/readiness.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NEVER = new Promise<never>(() => {});
const WELL = {
  engine: { probe: async () => ({ isUp: true, isSignedIn: false }) },
  isStoreWritable: async () => true,
  hasOtherLogin: async () => true,
};

it.each([
  ['Codex', { engine: { probe: () => NEVER } }],
  ['the file of another login', { hasOtherLogin: () => NEVER }],
])('/readyz answers sooner than `start` gives up on it, although %s is silent', async (_name, silent) => {
  const readiness = createReadiness();
  readiness.start({ ...WELL, ...silent });
  const found = readiness.read();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(await found).toEqual(['codex']);
});

it('the state of the store is looked at once a second, however often it is asked for', async () => {
  const isStoreWritable = vi.fn(async () => true);
  const readiness = createReadiness();
  readiness.start({ ...WELL, isStoreWritable });
  for (let reads = 0; reads < 20; reads += 1) {
    expect(await readiness.read()).toEqual([]);
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(isStoreWritable).toHaveBeenCalledTimes(2);
});
