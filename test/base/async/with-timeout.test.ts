import { expect, it } from 'vitest';
import { withTimeout } from '../../../src/base/async/with-timeout.ts';

it('settles like a promise that is in time', async () => {
  expect(await withTimeout(Promise.resolve(1), 60_000)).toBe(1);
  await expect(withTimeout(Promise.reject(new Error('failed')), 60_000)).rejects.toThrow('failed');
});

it('resolves to a timeout when the promise takes too long', async () => {
  expect(await withTimeout(new Promise(() => {}), 1)).toBe('timeout');
});
