import { describe, expect, it } from 'vitest';
import { merge } from '../../../src/base/async/merge.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';

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
  it('yields values as they arrive', async () => {
    const [a, b] = [createSource(), createSource()];
    const merged = merge([a.values, b.values]);
    b.say('b1');
    expect((await merged.next()).value).toEqual('b1');
    a.say('a1');
    expect((await merged.next()).value).toEqual('a1');
    b.end();
    a.say('a2');
    expect((await merged.next()).value).toEqual('a2');
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
  expect(await Array.fromAsync(merge([only.values]))).toEqual(['x']);
  expect(only.left).toBe(true);
});

/** Returns the number of values that are still in memory after 1000 of them were read beside a source that stays silent. */
async function countHeld(combine: typeof merge<object>): Promise<number> {
  const never = new Promise<IteratorResult<object>>(() => {});
  const silent = { [Symbol.asyncIterator]: () => ({ next: () => never }) };
  async function* talk(): AsyncGenerator<object> {
    for (;;) yield {};
  }
  const combined = combine([silent, talk()]);
  const seen: WeakRef<object>[] = [];
  for (let count = 0; count < 1000; count += 1) {
    const { value } = await combined.next();
    seen.push(new WeakRef(value as object));
  }
  await collectGarbage();
  const held = seen.filter((value) => value.deref() !== undefined).length;
  await combined.return(undefined);
  return held;
}

it('holds none of the values that were read while another source is silent', async () => {
  expect(await countHeld(merge)).toBeLessThan(10);
});

it('differs in that from a race of promises, which holds them all', async () => {
  async function* race(sources: readonly AsyncIterable<object>[]): AsyncGenerator<object> {
    const iterators = sources.map((source) => source[Symbol.asyncIterator]());
    const ask = async (index: number) => ({ index, result: await iterators[index]!.next() });
    const arrivals = iterators.map((_, index) => ask(index));
    for (;;) {
      const { index, result } = await Promise.race(arrivals);
      yield result.value as object;
      arrivals[index] = ask(index);
    }
  }
  expect(await countHeld(race)).toBeGreaterThan(990);
});
