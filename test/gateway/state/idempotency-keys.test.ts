import { expect, it, onTestFinished, vi } from 'vitest';
import { createIdempotencyKeys } from '../../../src/gateway/state/idempotency-keys.ts';

it('nothing holds an answer in memory once newer ones have taken its place', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const keys = createIdempotencyKeys();
  for (let index = 0; index < 150; index += 1) {
    const answer = {};
    keys.hold({ key: `key ${index}`, fingerprint: 'same' }, answer);
    keys.keep(`key ${index}`, answer, 1);
  }
  expect(keys.find({ key: 'key 0', fingerprint: 'same' })).toBeUndefined();
  expect(keys.find({ key: 'key 149', fingerprint: 'same' })).toBeDefined();
  expect(vi.getTimerCount()).toBe(100);
});
