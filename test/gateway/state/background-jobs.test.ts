import { expect, it } from 'vitest';
import { createBackgroundJobs } from '../../../src/gateway/state/background-jobs.ts';

const NEVER = new AbortController().signal;

/** Work that says a word, and then waits to be ended. */
async function* patient(signal: AbortSignal): AsyncGenerator<string> {
  yield 'begun';
  signal.throwIfAborted();
  await new Promise((_resolve, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error)),
  );
}

async function* short(): AsyncGenerator<string> {
  yield 'one';
  yield 'two';
}

it('gives every reader all events until the work has ended', async () => {
  const background = createBackgroundJobs<string>();
  background.start('a', short);
  const readers = [background.read('a', NEVER)!, background.read('a', NEVER)!];
  for (const reader of readers) expect(await Array.fromAsync(reader)).toEqual(['one', 'two']);
  expect(background.read('a', NEVER)).toBeUndefined();
  expect(background.count).toBe(0);
});

it('registers no work that fails to start', () => {
  const background = createBackgroundJobs<string>();
  const start = () => {
    throw new Error('broken');
  };
  expect(() => background.start('a', start)).toThrow('broken');
  expect(background.count).toBe(0);
  expect(background.cancel('a', new Error('over'))).toBeUndefined();
});

it('passes the failure of work that fails at once to its readers only', async () => {
  const background = createBackgroundJobs<string>();
  const fail = () => patient(AbortSignal.abort(new Error('broken')));
  background.start('a', fail);
  await expect(Array.fromAsync(background.read('a', NEVER)!)).rejects.toThrow('broken');
  expect(background.count).toBe(0);
});

it('ends a run that is cancelled, and all runs when it stops', async () => {
  const background = createBackgroundJobs<string>();
  background.start('a', patient);
  background.start('b', patient);
  const reader = background.read('a', NEVER)!;
  await background.cancel('a', new Error('cancelled'));
  await expect(Array.fromAsync(reader)).rejects.toThrow('cancelled');
  expect(background.count).toBe(1);
  await background.stop(new Error('stopped'));
  expect(background.count).toBe(0);
});

it('continues the work when a reader leaves', async () => {
  const background = createBackgroundJobs<string>();
  background.start('a', patient);
  const left = new AbortController();
  const reader = background.read('a', left.signal)![Symbol.asyncIterator]();
  expect(await reader.next()).toMatchObject({ value: 'begun' });
  const next = reader.next();
  left.abort(new Error('left'));
  await expect(next).rejects.toThrow('left');
  expect(background.count).toBe(1);
  await background.stop(new Error('stopped'));
});
