import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { withKeepAlive } from '../../src/http/with-keep-alive.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const KEEP_ALIVE = { interval: 1000, beat: (count: number) => `beat ${count}` };

it('beats only while the source is silent, and counts anew after each text', async () => {
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
  expect(vi.getTimerCount()).toBe(0);
});

it('a failure of the source is a failure', async () => {
  const gate = Promise.withResolvers<string>();
  async function* source() {
    yield await gate.promise;
  }
  const texts = withKeepAlive(source(), KEEP_ALIVE);
  gate.reject(new Error('broken'));
  await expect(texts.next()).rejects.toThrow('broken');
});

it('a failure that comes after the reader has left troubles nobody', async () => {
  const gate = Promise.withResolvers<string>();
  async function* source() {
    yield await gate.promise;
  }
  const texts = withKeepAlive(source(), KEEP_ALIVE);
  const beat = texts.next();
  await vi.advanceTimersByTimeAsync(1000);
  await beat;
  await texts.return(undefined);
  gate.reject(new Error('late'));
  // An unhandled rejection would fail the run.
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
});
