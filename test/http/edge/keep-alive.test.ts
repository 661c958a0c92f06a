import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withKeepAlive } from '../../../src/http/edge/keep-alive.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';

beforeEach(useFakeTimers);
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const KEEP_ALIVE = { intervalMs: 1000, beat: (count: number) => `beat ${count}` };

it('keep-alives come only while the source is silent and count anew after each text', async () => {
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  async function* source() {
    yield 'a';
    await gates[0]!.promise;
    yield 'b';
    await gates[1]!.promise;
  }
  const texts = withKeepAlive(source(), KEEP_ALIVE);
  expect((await texts.next()).value).toBe('a');
  for (const beat of ['beat 1', 'beat 2']) {
    const next = texts.next();
    await vi.advanceTimersByTimeAsync(1000);
    expect((await next).value).toBe(beat);
  }
  gates[0]!.resolve();
  expect((await texts.next()).value).toBe('b');
  const next = texts.next();
  await vi.advanceTimersByTimeAsync(1000);
  expect((await next).value).toBe('beat 1');
  gates[1]!.resolve();
  expect((await texts.next()).done).toBe(true);
  expect(countOpenTimers()).toBe(0);
});

it('no keep-alive comes before the given start', async () => {
  const gate = Promise.withResolvers<string>();
  const counts = Promise.withResolvers<void>();
  async function* source() {
    yield await gate.promise;
  }
  const texts = withKeepAlive(source(), { ...KEEP_ALIVE, from: counts.promise });
  const next = texts.next();
  await vi.advanceTimersByTimeAsync(10_000);
  counts.resolve();
  await vi.advanceTimersByTimeAsync(1000);
  expect((await next).value).toBe('beat 1');
  gate.resolve('a');
  expect((await texts.next()).value).toBe('a');
});

it('texts and failures of the source do not wait for the start of keep-alives', async () => {
  const never = new Promise<void>(() => {});
  async function* source() {
    yield 'a';
    throw new Error('broken');
  }
  const texts = withKeepAlive(source(), { ...KEEP_ALIVE, from: never });
  expect((await texts.next()).value).toBe('a');
  await expect(texts.next()).rejects.toThrow('broken');
  async function* failing(): AsyncGenerator<string> {
    yield await Promise.reject(new Error('at once'));
  }
  await expect(withKeepAlive(failing(), { ...KEEP_ALIVE, from: never }).next()).rejects.toThrow('at once');
});

it('a failure of the source reaches the reader of a stream with keep-alives', async () => {
  const gate = Promise.withResolvers<string>();
  async function* source() {
    yield await gate.promise;
  }
  const texts = withKeepAlive(source(), KEEP_ALIVE);
  gate.reject(new Error('broken'));
  await expect(texts.next()).rejects.toThrow('broken');
});

it('a failure of the source after the reader has left is not an unhandled rejection', async () => {
  const gate = Promise.withResolvers<string>();
  async function* source() {
    yield await gate.promise;
  }
  const texts = withKeepAlive(source(), KEEP_ALIVE);
  const beat = texts.next();
  await vi.advanceTimersByTimeAsync(1000);
  await beat;
  await texts.return();
  gate.reject(new Error('late'));
  // An unhandled rejection would fail the run.
  await vi.advanceTimersByTimeAsync(0);
  expect(countOpenTimers()).toBe(0);
});

it('one timer measures the silence between any number of texts', async () => {
  const gate = Promise.withResolvers<void>();
  async function* source() {
    for (let count = 0; count < 100; count += 1) {
      if (count % 10 === 9) await vi.advanceTimersByTimeAsync(50);
      yield count;
    }
    await gate.promise;
  }
  const set = vi.spyOn(globalThis, 'setTimeout');
  const values = withKeepAlive<number>(source(), { intervalMs: 1000, beat: () => -1 });
  for (let count = 0; count < 100; count += 1) expect((await values.next()).value).toBe(count);
  expect(set.mock.calls).toHaveLength(1);
  let isSilent = true;
  const next = values.next().finally(() => (isSilent = false));
  await vi.advanceTimersByTimeAsync(999);
  expect(isSilent).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect((await next).value).toBe(-1);
  gate.resolve();
  expect((await values.next()).done).toBe(true);
  expect(countOpenTimers()).toBe(0);
});
