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

const answerWith = (text: string) => ({
  contentItems: [{ type: 'inputText' as const, text }],
  success: true,
});

it('lets calls wait for hours when their thread is kept, and answers each with its own result', async () => {
  const { calls, thread } = openThread();
  const answers = ['first', 'second'].map(async (name) => await calls.park('thread', name));
  thread.hold();
  expect(countOpenTimers()).toBe(0);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(await thread.areWaiting(['first', 'second'])).toBe(true);
  thread.answer(new Map([['second', answerWith('b')]]).set('first', answerWith('a')));
  expect(await Promise.all(answers)).toEqual([answerWith('a'), answerWith('b')]);
});

it('waits a moment for a call that comes after its response', async () => {
  const { thread, park } = openThread();
  thread.hold();
  const areWaiting = thread.areWaiting(['first', 'second']);
  park('second');
  park('first');
  expect(await areWaiting).toBe(true);
  expect(countOpenTimers()).toBe(0);
});

it.each([
  ['a call does not come', ['first']],
  ['another call waits as well', ['first', 'second', 'third']],
])('does not wait for long if %s', async (_what, names) => {
  const { thread, park } = openThread();
  thread.hold();
  for (const name of names) park(name);
  const areWaiting = thread.areWaiting(['first', 'second']);
  await vi.advanceTimersByTimeAsync(SILENCE);
  expect([await areWaiting, countOpenTimers()]).toEqual([false, 0]);
});

it('does not wait for calls of a thread that closes', async () => {
  const { thread } = openThread();
  const areWaiting = thread.areWaiting(['first']);
  thread.close();
  expect([await areWaiting, countOpenTimers()]).toEqual([false, 0]);
});
