import { expect, it } from 'vitest';
import { createBackground } from '../../src/gateway/background.ts';

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

it('tells all readers everything, whenever they come, until it has ended', async () => {
  const background = createBackground<string>();
  background.run('a', short);
  const readers = [background.read('a', NEVER)!, background.read('a', NEVER)!];
  for (const reader of readers) expect(await Array.fromAsync(reader)).toEqual(['one', 'two']);
  expect(background.read('a', NEVER)).toBeUndefined();
  expect(background.count).toBe(0);
});

it('work that cannot begin is none', () => {
  const background = createBackground<string>();
  const start = () => {
    throw new Error('broken');
  };
  expect(() => background.run('a', start)).toThrow('broken');
  expect(background.count).toBe(0);
  expect(background.cancel('a', new Error('over'))).toBeUndefined();
});

it('work that fails at once tells its readers so, and nobody else', async () => {
  const background = createBackground<string>();
  const fail = () => patient(AbortSignal.abort(new Error('broken')));
  background.run('a', fail);
  await expect(Array.fromAsync(background.read('a', NEVER)!)).rejects.toThrow('broken');
  expect(background.count).toBe(0);
});

it('ends by a word, for those who read it as for those who wait for its end', async () => {
  const background = createBackground<string>();
  background.run('a', patient);
  background.run('b', patient);
  const reader = background.read('a', NEVER)!;
  await background.cancel('a', new Error('cancelled'));
  await expect(Array.fromAsync(reader)).rejects.toThrow('cancelled');
  expect(background.count).toBe(1);
  await background.stop(new Error('stopped'));
  expect(background.count).toBe(0);
});

it('goes on when a reader leaves', async () => {
  const background = createBackground<string>();
  background.run('a', patient);
  const left = new AbortController();
  const reader = background.read('a', left.signal)![Symbol.asyncIterator]();
  expect(await reader.next()).toMatchObject({ value: 'begun' });
  const next = reader.next();
  left.abort(new Error('left'));
  await expect(next).rejects.toThrow('left');
  expect(background.count).toBe(1);
  await background.stop(new Error('stopped'));
});
