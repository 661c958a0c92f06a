import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { AnswerBatch } from '../../../src/conversation/turn-event.ts';
import { createIdempotencyKeys } from '../../../src/gateway/state/idempotency-keys.ts';
import { createSharedAnswers } from '../../../src/gateway/state/shared-answers.ts';

const NEVER = new AbortController().signal;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Requests that count their turns; each says what it is given. */
function create(text = 'x') {
  const shared = createSharedAnswers<{ turn: number; events: AsyncIterable<AnswerBatch> }>(
    createIdempotencyKeys(),
  );
  let turns = 0;
  async function* say(): AsyncGenerator<AnswerBatch> {
    yield { index: 0, events: [{ type: 'text-delta', text }] };
  }
  async function ask(key: string, signal = NEVER) {
    const start = async () => {
      turns += 1;
      return { turn: turns, events: say() };
    };
    const createHead = () => undefined;
    const { answer } = shared.subscribe({ key, fingerprint: key, createHead, start }, signal);
    const { turn, events } = await answer;
    return { turn, events: await Array.fromAsync(events) };
  }
  return { ask };
}

it('keeps an answer for a minute after its end', async () => {
  const { ask } = create();
  const first = await ask('a');
  vi.advanceTimersByTime(59_000);
  expect(await ask('a')).toEqual(first);
  vi.advanceTimersByTime(1000);
  expect((await ask('a')).turn).toBe(2);
});

it('keeps only the latest 100 answers', async () => {
  const { ask } = create();
  for (let index = 0; index <= 100; index += 1) await ask(`key-${index}`);
  expect((await ask('key-1')).turn).toBe(2);
  expect((await ask('key-0')).turn).toBe(102);
});

it('ends an answer that exceeds the size limit', async () => {
  const { ask } = create('x'.repeat(64 * 1024 * 1024 + 1));
  await expect(ask('a')).rejects.toMatchObject({ code: 'answer_too_large' });
  await expect(ask('a')).rejects.toMatchObject({ code: 'answer_too_large' });
});

it('starts nothing for a reader whose signal has already aborted', async () => {
  const { ask } = create();
  await expect(ask('a', AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect((await ask('a')).turn).toBe(1);
});

it('reports whether an answer outlives a reader who leaves', async () => {
  const shared = createSharedAnswers<{ events: AsyncIterable<AnswerBatch> }>(createIdempotencyKeys());
  const ended = Promise.withResolvers<void>();
  async function* say(): AsyncGenerator<AnswerBatch> {
    await ended.promise;
    yield { index: 0, events: [{ type: 'text-delta', text: 'x' }] };
  }
  const subscribe = (key: string, signal: AbortSignal) =>
    shared.subscribe(
      { key, fingerprint: key, createHead: () => undefined, start: async () => ({ events: say() }) },
      signal,
    );
  const leavers = Array.from({ length: 3 }, () => new AbortController());
  const [first, second, alone] = leavers.map(({ signal }, place) => subscribe(place < 2 ? 'a' : 'b', signal));
  await Promise.all([first, second, alone].map(async (subscription) => await subscription!.answer));
  leavers[2]!.abort();
  expect(alone!.outlivesReader()).toBe(false);
  leavers[0]!.abort();
  expect(first!.outlivesReader()).toBe(true);
  ended.resolve();
  await Array.fromAsync((await second!.answer).events);
  leavers[1]!.abort();
  expect(second!.outlivesReader()).toBe(true);
});
