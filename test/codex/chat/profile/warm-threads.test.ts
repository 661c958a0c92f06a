import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWarmThreads } from '../../../../src/codex/chat/profile/warm-threads.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const settled = () => new Promise((resolve) => setImmediate(resolve));
const seconds = async (count: number) => await vi.advanceTimersByTimeAsync(count * 1000);

function createPool(readyMs = 0) {
  const ending = new AbortController();
  const released: string[] = [];
  const starts: PromiseWithResolvers<string>[] = [];
  let hasHome = true;
  const pool = createWarmThreads({
    hasHome: () => hasHome,
    release: async (id) => void released.push(id),
    ending: ending.signal,
    readyMs,
  });
  let isManual = false;
  const start = () => {
    const started = Promise.withResolvers<string>();
    starts.push(started);
    if (!isManual) started.resolve(`t${starts.length}`);
    return started.promise;
  };
  return {
    released,
    starts,
    start,
    enter: (key = 'k') => pool.enter(key),
    /** Enters a request and refills at once; resolves to the thread that it has got. */
    async serve(key = 'k') {
      const request = pool.enter(key);
      const id = await request.thread;
      request.refill(start);
      await settled();
      return id;
    },
    startByHand: () => (isManual = true),
    end: () => ending.abort(),
    loseHome: () => (hasHome = false),
  };
}

describe('warm threads', () => {
  it('give the next request with the same settings a thread that was started ahead', async () => {
    const { serve } = createPool();
    expect(await serve()).toBeUndefined();
    expect(await serve()).toBe('t1');
    expect(await serve()).toBe('t2');
    expect(await serve('other')).toBeUndefined();
  });

  it('are kept in a larger number while requests get some that are hardly ready, and in the usual one after that', async () => {
    const { serve, starts, released } = createPool(1_000);
    for (let index = 0; index < 8; index += 1) {
      await serve();
      await seconds(0.1);
    }
    // One for each request, and three more.
    expect(starts).toHaveLength(8 + 3);
    await seconds(5);
    await serve();
    expect(starts).toHaveLength(8 + 3);
    await seconds(30);
    expect(released).toHaveLength(2);
  });

  it('are started once for each request, and no more than requests waited at once', async () => {
    const { enter, start, starts, serve } = createPool();
    const burst = [enter(), enter(), enter()];
    for (const request of burst) {
      request.refill(start);
      request.refill(start);
      request.leave();
    }
    await settled();
    expect(starts).toHaveLength(3);
    expect([await serve(), await serve()]).toEqual(['t1', 't2']);
    expect(starts).toHaveLength(5);
  });

  it('are started early for a request that waits alone, and once', async () => {
    const { enter, start, starts } = createPool();
    const alone = enter();
    alone.refillIfAlone(start);
    alone.refillIfAlone(start);
    await settled();
    expect(starts).toHaveLength(1);
    alone.refill(start);
    await settled();
    expect(starts).toHaveLength(1);
    expect(await enter().thread).toBe('t1');
  });

  it('are not started early while other requests wait, of whatever settings', async () => {
    const { enter, start, starts } = createPool();
    const first = enter();
    const other = enter('other');
    first.refillIfAlone(start);
    await settled();
    expect(starts).toEqual([]);
    other.leave();
    first.refillIfAlone(start);
    await settled();
    expect(starts).toHaveLength(1);
  });

  it('are never given to two requests', async () => {
    const { serve, enter } = createPool();
    await serve();
    expect(await enter().thread).toBe('t1');
    expect(enter().thread).toBeUndefined();
  });

  it('are not started for a request that left before it got an event', async () => {
    const { enter, start, starts } = createPool();
    const request = enter();
    request.leave();
    request.refill(start);
    await settled();
    expect(starts).toEqual([]);
  });

  it('are waited for while they start', async () => {
    const { serve, enter, starts, startByHand } = createPool();
    startByHand();
    await serve();
    const { thread } = enter();
    starts[0]!.resolve('late');
    expect(await thread).toBe('late');
  });

  it('are started four at a time', async () => {
    const { enter, start, starts, startByHand } = createPool();
    startByHand();
    for (const request of Array.from({ length: 6 }, () => enter())) request.refill(start);
    await settled();
    expect(starts).toHaveLength(4);
    starts[0]!.resolve('t');
    await settled();
    expect(starts).toHaveLength(5);
  });

  it('are all released when one is refused, and the request for it starts its own', async () => {
    const { enter, start, starts, startByHand, released } = createPool();
    const burst = [enter(), enter()];
    burst[0]!.refill(start);
    await settled();
    startByHand();
    burst[1]!.refill(start);
    await settled();
    starts[1]!.reject(new Error('the home is lost'));
    await settled();
    expect(released).toEqual(['t1']);
    expect(enter().thread).toBeUndefined();
  });

  it('are released instead of used when the child has lost its home', async () => {
    const { serve, enter, released, loseHome } = createPool();
    await serve();
    await serve('other');
    loseHome();
    expect(enter().thread).toBeUndefined();
    await settled();
    expect(released.toSorted()).toEqual(['t1', 't2']);
  });

  it('shrink to one after a burst, and to none after minutes without requests', async () => {
    const { enter, start, serve, released } = createPool();
    for (const request of [enter(), enter(), enter()]) request.refill(start);
    await seconds(11);
    expect(released).toEqual(['t1', 't2']);
    await seconds(240);
    expect(released).toHaveLength(2);
    await seconds(240);
    expect(released).toEqual(['t1', 't2', 't3']);
    expect(vi.getTimerCount()).toBe(0);
    expect(await serve()).toBeUndefined();
  });

  it('need one timer, however many requests come', async () => {
    const { serve } = createPool();
    for (let count = 0; count < 20; count += 1) await serve(`${count % 3}`);
    expect(vi.getTimerCount()).toBe(1);
  });

  it('are kept for the latest settings only', async () => {
    const { serve, released } = createPool();
    for (const key of ['a', 'b', 'c', 'd', 'e']) await serve(key);
    await seconds(11);
    expect(released).toEqual(['t1']);
  });

  it('are limited in number, those of the settings unused for longest going first', async () => {
    const { serve, released } = createPool();
    for (let count = 0; count < 33; count += 1) await serve(`${count}`);
    expect(released).toEqual(['t1']);
  });

  it('are neither given away nor started when no further requests come', async () => {
    const { serve, enter, start, starts, end } = createPool();
    const last = enter();
    await serve();
    end();
    expect(enter().thread).toBeUndefined();
    last.refill(start);
    await settled();
    expect(starts).toHaveLength(1);
  });
});
