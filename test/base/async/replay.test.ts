import { describe, expect, it } from 'vitest';
import { createReplay } from '../../../src/base/async/replay.ts';

const NEVER = new AbortController().signal;
const limits = { capacity: 3, sizeOf: () => 1, onFull: () => new Error('full') };

async function* yieldAll(...values: (number | Error)[]): AsyncGenerator<number> {
  for (const value of values) {
    await Promise.resolve();
    if (value instanceof Error) throw value;
    yield value;
  }
}

async function readAll(values: AsyncIterable<number>): Promise<(number | string)[]> {
  const read: (number | string)[] = [];
  try {
    for await (const value of values) read.push(value);
  } catch (error) {
    read.push((error as Error).message);
  }
  return read;
}

describe('a replay', () => {
  it('gives every reader all values, whenever it begins', async () => {
    const replay = createReplay(yieldAll(1, 2, 3), limits);
    const early = readAll(replay.read(NEVER));
    expect(await replay.ended).toBe(true);
    expect(await early).toEqual([1, 2, 3]);
    expect(await readAll(replay.read(NEVER))).toEqual([1, 2, 3]);
    expect(replay.size).toBe(3);
  });

  it('gives every reader the error of the source after the values before it', async () => {
    const replay = createReplay(yieldAll(1, new Error('broken')), limits);
    expect(await replay.ended).toBe(false);
    expect(await readAll(replay.read(NEVER))).toEqual([1, 'broken']);
  });

  it('fails when the values outgrow its capacity', async () => {
    const replay = createReplay(yieldAll(1, 2, 3, 4), limits);
    expect(await readAll(replay.read(NEVER))).toEqual([1, 2, 3, 'full']);
    expect(await replay.ended).toBe(false);
  });

  it('stops a waiting reader when its signal is aborted, and no other one', async () => {
    const more = Promise.withResolvers<void>();
    async function* slow() {
      yield 1;
      await more.promise;
      yield 2;
    }
    const replay = createReplay(slow(), limits);
    const controller = new AbortController();
    const aborted = readAll(replay.read(controller.signal));
    const other = readAll(replay.read(NEVER));
    await new Promise(setImmediate);
    controller.abort(new Error('gone'));
    expect(await aborted).toEqual([1, 'gone']);
    more.resolve();
    expect(await other).toEqual([1, 2]);
  });
});
