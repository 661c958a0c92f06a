import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createParkedCalls } from '../../src/codex/parked-calls.ts';

/** Milliseconds; longer than a call waits in silence. */
const SILENCE = 2_001;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A thread, and what of its calls has been answered, in order. */
function openThread() {
  const calls = createParkedCalls();
  const thread = calls.open('thread');
  const answered: string[] = [];
  const park = (name: string) => void calls.park('thread')!.then(() => answered.push(name));
  return { calls, thread, answered, park };
}

it('a thread that expects no call lets none wait', () => {
  const { calls, thread } = openThread();
  expect(calls.park('other')).toBeUndefined();
  thread.close();
  expect(calls.park('thread')).toBeUndefined();
});

it('calls wait while their thread shows that it is alive', async () => {
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

it('a call after the silence waits as the first one did', async () => {
  const { answered, park } = openThread();
  park('first');
  await vi.advanceTimersByTimeAsync(SILENCE);
  park('second');
  await vi.advanceTimersByTimeAsync(SILENCE / 2);
  expect(answered).toEqual(['first']);
  await vi.advanceTimersByTimeAsync(SILENCE / 2);
  expect(answered).toEqual(['first', 'second']);
});

it('the end of a thread answers what waits, and leaves no timer behind', async () => {
  const { thread, answered, park } = openThread();
  park('first');
  thread.close();
  thread.touch();
  await vi.advanceTimersByTimeAsync(0);
  expect([answered, vi.getTimerCount()]).toEqual([['first'], 0]);
});
