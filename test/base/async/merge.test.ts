import { describe, expect, it } from 'vitest';
import { merge } from '../../../src/base/async/merge.ts';

/** Creates a source that continues on command and records when it was closed. */
function createSource() {
  const steps: PromiseWithResolvers<string | undefined>[] = [Promise.withResolvers()];
  let left = false;
  async function* read(): AsyncGenerator<string> {
    try {
      for (let step = 0; ; step += 1) {
        const value = await steps[step]!.promise;
        if (value === undefined) return;
        yield value;
      }
    } finally {
      left = true;
    }
  }
  const next = () => {
    const step = steps.at(-1)!;
    steps.push(Promise.withResolvers());
    return step;
  };
  return {
    values: read(),
    say: (value: string) => next().resolve(value),
    end: () => next().resolve(undefined),
    fail: (error: Error) => next().reject(error),
    get left() {
      return left;
    },
  };
}

describe('merging several sources', () => {
  it('yields values as they arrive, each with the index of its source', async () => {
    const [a, b] = [createSource(), createSource()];
    const merged = merge([a.values, b.values]);
    b.say('b1');
    expect((await merged.next()).value).toEqual({ index: 1, value: 'b1' });
    a.say('a1');
    expect((await merged.next()).value).toEqual({ index: 0, value: 'a1' });
    b.end();
    a.say('a2');
    expect((await merged.next()).value).toEqual({ index: 0, value: 'a2' });
    a.end();
    expect(await merged.next()).toEqual({ value: undefined, done: true });
  });

  it('fails when one source fails and closes the others', async () => {
    const [a, b] = [createSource(), createSource()];
    const merged = merge([a.values, b.values]);
    a.say('a1');
    await merged.next();
    b.fail(new Error('broken'));
    await expect(merged.next()).rejects.toThrow('broken');
    a.say('a2');
    await expect.poll(() => a.left).toBe(true);
  });

  it('closes every source when the reader leaves', async () => {
    const [a, b] = [createSource(), createSource()];
    const merged = merge([a.values, b.values]);
    a.say('a1');
    await merged.next();
    await merged.return(undefined);
    a.end();
    b.end();
    await expect.poll(() => [a.left, b.left]).toEqual([true, true]);
  });
});

it('passes the values of a single source through', async () => {
  const only = createSource();
  only.say('x');
  only.end();
  expect(await Array.fromAsync(merge([only.values]))).toEqual([{ index: 0, value: 'x' }]);
  expect(only.left).toBe(true);
});

it('holds no memory for the values of other sources while one source is silent', async () => {
  const never = new Promise<IteratorResult<number>>(() => {});
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
  async function* talk(): AsyncGenerator<number> {
    for (let count = 0; ; count += 1) yield count;
  }
  const merged = merge<number>([silent, talk()]);
  const heapAfter = async (events: number) => {
    for (let count = 0; count < events; count += 1) await merged.next();
    return process.memoryUsage().heapUsed;
  };
  const before = await heapAfter(20_000);
  // A race of promises would hold some 390 bytes of each.
  expect(await heapAfter(300_000)).toBeLessThan(before + 60_000_000);
  await merged.return(undefined);
});
