import { expect, it } from 'vitest';
import { abortOnReturn } from '../../../src/base/async/abort-on-return.ts';

async function* count(last: number): AsyncGenerator<number> {
  for (let value = 1; value <= last; value += 1) yield value;
}

function create(source: AsyncIterable<number>) {
  const controller = new AbortController();
  return { values: abortOnReturn(source, (reason) => controller.abort(reason)), signal: controller.signal };
}

it('passes values on to their end without an abort', async () => {
  const { values, signal } = create(count(3));
  expect(await Array.fromAsync(values)).toEqual([1, 2, 3]);
  expect(signal.aborted).toBe(false);
});

it('aborts when the reader leaves, and ends the source', async () => {
  const source = count(3);
  const { values, signal } = create(source);
  for await (const value of values) if (value === 2) break;
  expect(signal.aborted).toBe(true);
  expect(await source.next()).toMatchObject({ done: true });
});

it('aborts with the error of the source', async () => {
  async function* fail(): AsyncGenerator<number> {
    yield 1;
    throw new Error('broken');
  }
  const { values, signal } = create(fail());
  await expect(Array.fromAsync(values)).rejects.toThrow('broken');
  expect(signal.reason).toMatchObject({ message: 'broken' });
});

it('aborts at once for a reader that leaves while a value is awaited', async () => {
  const controller = new AbortController();
  async function* wait(): AsyncGenerator<number> {
    await new Promise((_resolve, reject) =>
      controller.signal.addEventListener('abort', () => reject(new Error('aborted'))),
    );
    yield 1;
  }
  const iterator = abortOnReturn(wait(), () => controller.abort())[Symbol.asyncIterator]();
  const next = iterator.next();
  const left = iterator.return!();
  await expect(next).rejects.toThrow('aborted');
  expect(await left).toMatchObject({ done: true });
});
