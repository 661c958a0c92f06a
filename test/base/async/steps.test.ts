import { describe, expect, it } from 'vitest';
import { mapInSteps, runInSlices, type Steps } from '../../../src/base/async/steps.ts';

const NEVER = new AbortController().signal;

/** Keeps the thread busy, as a large value does. */
function work(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('work in slices', () => {
  it('lets everything else have its turn between its values', async () => {
    let turns = 0;
    let over = false;
    const count = () => {
      turns += 1;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    await runInSlices(
      mapInSteps(Array.from({ length: 10 }), () => work(5)),
      NEVER,
    );
    over = true;
    expect(turns).toBeGreaterThanOrEqual(9);
  });

  it('returns the mapped values in order', async () => {
    expect(
      await runInSlices(
        mapInSteps(['a', 'b'], (value, index) => value + index),
        NEVER,
      ),
    ).toEqual(['a0', 'b1']);
  });

  it('rejects with the error of a step', async () => {
    const failing = mapInSteps([1, 2], (value) => {
      if (value === 2) throw new Error('the second value');
      return value;
    });
    await expect(runInSlices(failing, NEVER)).rejects.toThrow('the second value');
  });

  it('stops at the next slice when its signal aborts', async () => {
    const leaving = new AbortController();
    let done = 0;
    const steps = mapInSteps(Array.from({ length: 10 }), () => {
      done += 1;
      if (done === 2) leaving.abort(new Error('the client has left'));
      work(5);
    });
    await expect(runInSlices(steps, leaving.signal)).rejects.toThrow('the client has left');
    expect(done).toBe(2);
  });

  it('hands errors to the steps that called for it', async () => {
    function* outer(): Steps<string> {
      try {
        yield* mapInSteps([1], () => {
          throw new Error('inside');
        });
        return 'done';
      } catch {
        return 'caught';
      }
    }
    expect(await runInSlices(outer(), NEVER)).toBe('caught');
  });
});
