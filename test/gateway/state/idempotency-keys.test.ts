import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MAX_ANSWER_CHARACTERS } from '../../../src/conversation/turn-event.ts';
import { createIdempotencyKeys } from '../../../src/gateway/state/idempotency-keys.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';

it('nothing holds an answer in memory once newer ones have taken its place', () => {
  useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const keys = createIdempotencyKeys();
  for (let index = 0; index < 150; index += 1) {
    const answer = {};
    keys.hold({ key: `key ${index}`, fingerprint: 'same' }, answer);
    keys.keep(`key ${index}`, answer, 1);
  }
  expect(keys.find({ key: 'key 0', fingerprint: 'same' })).toBeUndefined();
  expect(keys.find({ key: 'key 149', fingerprint: 'same' })).toBeDefined();
  expect(countOpenTimers()).toBe(100);
});

describe('an idempotency key', () => {
  const REQUEST = { key: 'k', fingerprint: 'f' };

  function create() {
    useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    return createIdempotencyKeys();
  }

  it('finds the answer to its request, as long as that runs', () => {
    const keys = create();
    const answer = {};
    expect(keys.find(REQUEST)).toBeUndefined();
    keys.hold(REQUEST, answer);
    vi.advanceTimersByTime(3_600_000);
    expect(keys.find(REQUEST)).toBe(answer);
  });

  it('refuses another request', () => {
    const keys = create();
    keys.hold(REQUEST, {});
    expect(() => keys.find({ ...REQUEST, fingerprint: 'g' })).toThrow(
      expect.objectContaining({ code: 'idempotency_mismatch' }),
    );
  });

  it('is free a minute after its answer has ended', () => {
    const keys = create();
    const answer = {};
    keys.hold(REQUEST, answer);
    keys.keep('k', answer, 1);
    vi.advanceTimersByTime(59_999);
    expect(keys.find(REQUEST)).toBe(answer);
    vi.advanceTimersByTime(1);
    expect(keys.find(REQUEST)).toBeUndefined();
  });

  it('is not freed by an answer that it no longer belongs to', () => {
    const keys = create();
    const [first, second] = [{}, {}];
    keys.hold(REQUEST, first);
    keys.forget('k', first);
    keys.hold(REQUEST, second);
    keys.forget('k', first);
    keys.keep('k', first, 1);
    expect(keys.find(REQUEST)).toBe(second);
    expect(countOpenTimers()).toBe(0);
  });

  it('is freed for newer answers that need its room, but not while its answer runs', () => {
    const keys = create();
    const [running, ended, large] = [{}, {}, {}];
    keys.hold(REQUEST, running);
    keys.hold({ ...REQUEST, key: 'ended' }, ended);
    keys.keep('ended', ended, 1);
    keys.hold({ ...REQUEST, key: 'large' }, large);
    keys.keep('large', large, MAX_ANSWER_CHARACTERS);
    expect(keys.find(REQUEST)).toBe(running);
    expect(keys.find({ ...REQUEST, key: 'ended' })).toBeUndefined();
    expect(keys.find({ ...REQUEST, key: 'large' })).toBe(large);
  });
});
