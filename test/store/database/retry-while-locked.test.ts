import { expect, it } from 'vitest';
import { createRetryWhileLocked } from '../../../src/store/database/retry-while-locked.ts';

const PATIENCE = 200;

/** Work that finds the file locked a number of times before it succeeds. */
function lockedFor(times: number) {
  const work = {
    tries: 0,
    run: async () => {
      work.tries += 1;
      if (work.tries <= times) throw Object.assign(new Error('locked'), { errcode: 5 });
      return 'done';
    },
  };
  return work;
}

const longAgo = () => performance.now() - 10 * PATIENCE;
const BUSY = { code: 'storage_busy' };

it('work that has waited as long as the lock is tried once more, and not again', async () => {
  const retry = createRetryWhileLocked(PATIENCE);
  const handedIn = performance.now();
  await expect(retry(handedIn, lockedFor(Infinity).run)).rejects.toMatchObject(BUSY);
  const queued = lockedFor(1);
  await expect(retry(handedIn, queued.run)).rejects.toMatchObject(BUSY);
  expect(queued.tries).toBe(1);
  expect(await retry(handedIn, lockedFor(0).run)).toBe('done');
});

it('work that has waited for other work has its full lock timeout when a lock begins only then', async () => {
  const retry = createRetryWhileLocked(PATIENCE);
  expect(await retry(longAgo(), lockedFor(2).run)).toBe('done');
  await expect(retry(longAgo(), lockedFor(Infinity).run)).rejects.toMatchObject(BUSY);
  expect(await retry(longAgo(), lockedFor(0).run)).toBe('done');
  expect(await retry(longAgo(), lockedFor(2).run)).toBe('done');
});

it('work that arrives during a lock has its own full lock timeout', async () => {
  const retry = createRetryWhileLocked(PATIENCE);
  await expect(retry(longAgo(), lockedFor(Infinity).run)).rejects.toMatchObject(BUSY);
  expect(await retry(performance.now(), lockedFor(2).run)).toBe('done');
});

it('any other failure is reported at the first try', async () => {
  const retry = createRetryWhileLocked(PATIENCE);
  let tries = 0;
  const work = async () => {
    tries += 1;
    throw new Error('broken');
  };
  await expect(retry(performance.now(), work)).rejects.toMatchObject({ code: 'storage_failed' });
  expect(tries).toBe(1);
});
