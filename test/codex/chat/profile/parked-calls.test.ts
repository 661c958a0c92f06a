import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createParkedCalls } from '../../../../src/codex/chat/profile/parked-calls.ts';
import { countOpenTimers, useFakeTimers } from '../../../support/fake-timers.ts';

/** Milliseconds; longer than a call waits in silence. */
const SILENCE = 2_001;

beforeEach(useFakeTimers);
afterEach(() => void vi.useRealTimers());

/** A thread, and what of its calls has been answered, in order. */
function openThread() {
  const calls = createParkedCalls();
  const thread = calls.open('thread');
  const answered: string[] = [];
  const park = (name: string) => void calls.park('thread', name)!.then(() => answered.push(name));
  return { calls, thread, answered, park };
}

it('parks no call for a thread that does not expect one', () => {
  const { calls, thread } = openThread();
  expect(calls.park('other', 'call')).toBeUndefined();
  thread.close();
  expect(calls.park('thread', 'call')).toBeUndefined();
});

it('keeps calls waiting while their thread shows activity', async () => {
  const { thread, answered, park } = openThread();
  park('first');
  park('second');
  for (let index = 0; index < 10; index += 1) {
    await vi.advanceTimersByTimeAsync(SILENCE / 2);
    thread.touch();
  }
  expect(answered).toEqual([]);
  await vi.advanceTimersByTimeAsync(SILENCE);
  expect(answered).toEqual(['first', 'second']);
});

it('keeps a later call waiting as long as the first one', async () => {
  const { answered, park } = openThread();
  park('first');
  await vi.advanceTimersByTimeAsync(SILENCE);
  park('second');
  await vi.advanceTimersByTimeAsync(SILENCE / 2);
  expect(answered).toEqual(['first']);
  await vi.advanceTimersByTimeAsync(SILENCE / 2);
  expect(answered).toEqual(['first', 'second']);
});

it('answers waiting calls when their thread closes and leaves no timer', async () => {
  const { thread, answered, park } = openThread();
  park('first');
  thread.close();
  thread.touch();
  await vi.advanceTimersByTimeAsync(0);
  expect([answered, countOpenTimers()]).toEqual([['first'], 0]);
});
