import { afterEach, expect, it, vi } from 'vitest';
import { startInstanceManager, type ManagedInstance } from '../../../src/codex/runtime/instance-manager.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';
import { createMemoryLog } from '../../support/memory-log.ts';

const NEVER = new AbortController().signal;

interface Instance extends ManagedInstance {
  readonly name: string;
}

/** Instances that are named, started one after the other, and remember their end. */
function createStarter() {
  const events: string[] = [];
  const state = {
    stamp: 'first',
    fails: false,
    isProvisional: false,
    isOutdated: false as boolean | Promise<boolean>,
  };
  let count = 0;
  async function start(_ = NEVER, isRefresh = false): Promise<Instance> {
    if (state.fails) throw new Error('no room');
    count += 1;
    const name = `g${count}`;
    const free = Promise.withResolvers<void>();
    let holders = 0;
    events.push(`${name} started${isRefresh ? ' fresh' : ''}`);
    return {
      name,
      isProvisional: state.isProvisional,
      hasLostHome: async () => false,
      catchUp: async () => await state.isOutdated,
      acquire() {
        holders += 1;
        return () => {
          holders -= 1;
          if (holders === 0) free.resolve();
        };
      },
      async retire() {
        if (holders > 0) await free.promise;
        events.push(`${name} retired`);
      },
      async close() {
        events.push(`${name} closed`);
      },
    };
  }
  return { events, state, start };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const nameOf = ({ instance }: { instance: Instance }) => instance.name;
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function create(options: { readonly maxUses?: number } = {}) {
  const starter = createStarter();
  const log = createMemoryLog();
  const manager = await startInstanceManager({
    observer: log,
    signal: NEVER,
    start: starter.start,
    stamp: async () => starter.state.stamp,
    ...options,
  });
  return { ...starter, log, manager };
}

it('keeps its instance while the set-up is unchanged', async () => {
  const { manager, events } = await create();
  expect([nameOf(await manager.acquire(NEVER)), nameOf(await manager.acquire(NEVER))]).toEqual(['g1', 'g1']);
  expect(events).toEqual(['g1 started']);
});

it('starts another instance in the background after very many uses, and retires the one that was used', async () => {
  const { manager, events } = await create({ maxUses: 3 });
  const use = async () => {
    const used = await manager.acquire(NEVER);
    used.release();
    return nameOf(used);
  };
  expect([await use(), await use(), await use()]).toEqual(['g1', 'g1', 'g1']);
  await settled();
  expect([await use(), await use()]).toEqual(['g2', 'g2']);
  expect(events).toEqual(['g1 started', 'g2 started fresh', 'g1 retired']);
  await use();
  await settled();
  expect(await use()).toBe('g3');
});

it('tries again after a while when the instance after very many uses does not start', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1);
  const { manager, events, state } = await create({ maxUses: 1 });
  state.fails = true;
  const names = [nameOf(await manager.acquire(NEVER)), nameOf(await manager.acquire(NEVER))];
  await settled();
  state.fails = false;
  names.push(nameOf(await manager.acquire(NEVER)));
  await settled();
  expect([names, events]).toEqual([['g1', 'g1', 'g1'], ['g1 started']]);
  clock.mockReturnValue(60_002);
  await manager.acquire(NEVER);
  await settled();
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
});

it('takes the current instance without a check when the request has already checked', async () => {
  const { manager, state } = await create();
  state.stamp = 'second';
  expect(nameOf(await manager.acquireUnchecked(NEVER))).toBe('g1');
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  expect(nameOf(await manager.acquireUnchecked(NEVER))).toBe('g2');
});

it('starts one new instance after a change and retires the old one once it is released', async () => {
  const { manager, events, state } = await create();
  const before = await manager.acquire(NEVER);
  state.stamp = 'second';
  const after = await Promise.all([manager.acquire(NEVER), manager.acquire(NEVER)]);
  expect(after.map(nameOf)).toEqual(['g2', 'g2']);
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started']);
  before.release();
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started', 'g1 retired']);
});

it('refuses requests while a new instance fails to start, and then tries again', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const { manager, log, state, events } = await create();
  state.stamp = 'second';
  state.fails = true;
  await expect(manager.acquire(NEVER)).rejects.toMatchObject({
    code: 'codex_unavailable',
    detail: { retryAfter: 1 },
  });
  await expect(manager.acquire(NEVER)).rejects.toMatchObject({ code: 'codex_unavailable' });
  expect(log.lines).toEqual([
    expect.stringContaining('did not start with the changed set-up {"problem":"no room"}'),
  ]);
  state.fails = false;
  clock.mockReturnValue(1_001);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started', 'g1 retired']);
});

it('replaces an instance that has lost its home once, however many turns report it', async () => {
  const { manager, events, log } = await create();
  const before = await manager.acquire(NEVER);
  manager.replaceLost(before.instance);
  manager.replaceLost(before.instance);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  manager.replaceLost(before.instance);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  before.release();
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started', 'g1 retired']);
  expect(log.lines.filter((line) => line.includes('was removed'))).toHaveLength(1);
});

it('refuses requests while a lost home cannot be made again, and then tries again', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const { manager, state, log } = await create();
  const { instance } = await manager.acquire(NEVER);
  state.fails = true;
  manager.replaceLost(instance);
  for (const time of [0, 1_001]) {
    clock.mockReturnValue(time);
    await expect(manager.acquire(NEVER)).rejects.toMatchObject({
      code: 'codex_unavailable',
      message: expect.stringContaining('state folder was removed') as string,
    });
  }
  expect(log.lines.filter((line) => line.includes('was removed'))).toHaveLength(1);
  state.fails = false;
  clock.mockReturnValue(2_002);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
});

it('replaces a provisional instance in the background', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const starter = createStarter();
  starter.state.isProvisional = true;
  const log = createMemoryLog();
  const manager = await startInstanceManager({
    observer: log,
    signal: NEVER,
    start: starter.start,
    stamp: async () => 'same',
  });
  clock.mockReturnValue(60_001);
  starter.state.fails = true;
  expect(nameOf(await manager.acquire(NEVER))).toBe('g1');
  await settled();
  expect(log.lines).toEqual([expect.stringContaining('could not be started again')]);
  starter.state.fails = false;
  starter.state.isProvisional = false;
  clock.mockReturnValue(120_002);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g1');
  await settled();
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  clock.mockReturnValue(999_999);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
});

it('catches up a while after the start, and takes a new instance when the catalog has changed', async () => {
  useFakeTimers();
  const { manager, state, events } = await create();
  state.isOutdated = true;
  await vi.advanceTimersByTimeAsync(4_999);
  expect(events).toEqual(['g1 started']);
  await vi.advanceTimersByTimeAsync(2);
  state.isOutdated = false;
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  expect(events).toEqual(['g1 started', 'g2 started fresh', 'g1 retired']);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  await manager.close();
});

it('does not catch up once it is closed', async () => {
  useFakeTimers();
  const { manager, state, events } = await create();
  state.isOutdated = true;
  await manager.close();
  expect(countOpenTimers()).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(events).toEqual(['g1 started', 'g1 closed']);
});

it('keeps an instance that another has replaced while it caught up', async () => {
  useFakeTimers();
  const { manager, state, events } = await create();
  const caughtUp = Promise.withResolvers<boolean>();
  state.isOutdated = caughtUp.promise;
  await vi.advanceTimersByTimeAsync(5_001);
  state.isOutdated = false;
  state.stamp = 'second';
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  caughtUp.resolve(true);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  expect(events).not.toContain('g3 started');
  await manager.close();
});

it('forgets a failed start once a later one has succeeded', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const { manager, state, events } = await create();
  state.stamp = 'second';
  state.fails = true;
  const failing = manager.acquire(NEVER).catch((error: unknown) => error);
  await settled();
  state.stamp = 'third';
  state.fails = false;
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  expect(await failing).toMatchObject({ code: 'codex_unavailable' });
  clock.mockReturnValue(5_000);
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  expect(events.filter((event) => event.endsWith('started'))).toHaveLength(2);
});

it('waits on close for a background start and logs nothing about it', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const starter = createStarter();
  const log = createMemoryLog();
  starter.state.isProvisional = true;
  let starts = 0;
  const start = async (signal: AbortSignal) => {
    starts += 1;
    if (starts === 1) return await starter.start();
    const ended = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => setImmediate(() => ended.reject(signal.reason as Error)));
    return await ended.promise.finally(() => starter.events.push('cleared up'));
  };
  const manager = await startInstanceManager({
    observer: log,
    signal: NEVER,
    start,
    stamp: async () => 'same',
  });
  clock.mockReturnValue(60_001);
  await manager.acquire(NEVER);
  await manager.close();
  expect([starter.events, log.lines]).toEqual([['g1 started', 'cleared up', 'g1 closed'], []]);
});

it('ignores the result of a check that finishes late', async () => {
  const starter = createStarter();
  const answers: PromiseWithResolvers<string>[] = [];
  let asked = 0;
  const stamp = async () => {
    asked += 1;
    if (asked === 1) return 'first';
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return await answer.promise;
  };
  const manager = await startInstanceManager({
    observer: createMemoryLog(),
    signal: NEVER,
    start: starter.start,
    stamp,
  });
  const [early, late] = [manager.acquire(NEVER), manager.acquire(NEVER)];
  answers[1]!.resolve('second');
  expect(nameOf(await late)).toBe('g2');
  answers[0]!.resolve('first');
  expect(nameOf(await early)).toBe('g2');
  expect(starter.events.filter((event) => event.endsWith('started'))).toHaveLength(2);
});

it('aborts a running start on close and refuses later requests', async () => {
  const starter = createStarter();
  const log = createMemoryLog();
  const state = { stamp: 'first' };
  const start = async (signal: AbortSignal) => {
    if (state.stamp === 'first') return await starter.start();
    return await new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  };
  const manager = await startInstanceManager({
    observer: log,
    signal: NEVER,
    start,
    stamp: async () => state.stamp,
  });
  state.stamp = 'second';
  const waiting = manager.acquire(NEVER).catch((error: unknown) => error);
  await settled();
  await manager.close();
  expect(await waiting).toMatchObject({ code: 'shutting_down' });
  await expect(manager.acquire(NEVER)).rejects.toMatchObject({ message: 'The gateway is shutting down.' });
  expect(starter.events).toEqual(['g1 started', 'g1 closed']);
});

it('renews the instance in charge in the background, and retires the one before when it is no longer used', async () => {
  const { manager, events, log } = await create();
  const held = await manager.acquire(NEVER);
  const [first] = manager.open();
  expect(manager.renew(first!)).toBe(true);
  expect(manager.renew(first!)).toBe(false);
  await vi.waitFor(() => expect(events).toEqual(['g1 started', 'g2 started']));
  await settled();
  expect(nameOf(await manager.acquire(NEVER))).toBe('g2');
  expect(log.lines.at(-1)).toContain('a new app-server takes over from one that has grown too large');
  expect(manager.renew(first!)).toBe(false);
  held.release();
  await vi.waitFor(() => expect(events).toContain('g1 retired'));
  await settled();
  expect(manager.open().map(({ name }) => name)).toEqual(['g2']);
});

it('keeps the instance in charge when its renewal fails', async () => {
  const { manager, state, log } = await create();
  state.fails = true;
  expect(manager.renew(manager.open()[0]!)).toBe(true);
  await vi.waitFor(() => expect(log.lines).toHaveLength(1));
  expect(nameOf(await manager.acquire(NEVER))).toBe('g1');
});

it('shows the instance in charge without waiting for one that starts', async () => {
  const { manager, state } = await create();
  expect((await manager.peek())?.name).toBe('g1');
  state.stamp = 'second';
  expect(await manager.peek()).toBeUndefined();
  await settled();
  expect((await manager.peek())?.name).toBe('g2');
  await manager.close();
  expect(await manager.peek()).toBeUndefined();
});

it('closes all remaining instances on close', async () => {
  const { manager, events, state } = await create();
  await manager.acquire(NEVER);
  state.stamp = 'second';
  await manager.acquire(NEVER);
  await manager.close();
  expect(events.slice(2).toSorted()).toEqual(['g1 closed', 'g2 closed']);
});

it('begins no further attempt after a failed start while a later start is under way', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const starter = createStarter();
  const state = { stamp: 'first' };
  const attempts: PromiseWithResolvers<Instance>[] = [];
  const start = async () => {
    if (state.stamp === 'first') return await starter.start();
    const attempt = Promise.withResolvers<Instance>();
    attempts.push(attempt);
    return await attempt.promise;
  };
  const observer = createMemoryLog();
  const manager = await startInstanceManager({
    observer,
    signal: NEVER,
    start,
    stamp: async () => state.stamp,
  });
  state.stamp = 'second';
  const failing = manager.acquire(NEVER).catch((error: unknown) => error);
  await settled();
  state.stamp = 'third';
  const waiting = [manager.acquire(NEVER)];
  await settled();
  attempts[0]!.reject(new Error('no room'));
  expect(await failing).toMatchObject({ code: 'codex_unavailable' });
  clock.mockReturnValue(5_000);
  waiting.push(manager.acquire(NEVER));
  await settled();
  expect(attempts).toHaveLength(2);
  attempts[1]!.resolve(await starter.start());
  expect((await Promise.all(waiting)).map(nameOf)).toEqual(['g2', 'g2']);
});

it('keeps a later start in charge when the one before it succeeds first', async () => {
  const { manager, state, events, start } = await createSlow();
  state.stamp = 'second';
  const first = manager.acquire(NEVER);
  await settled();
  state.stamp = 'third';
  const second = manager.acquire(NEVER);
  await settled();
  await start();
  const acquired = await first;
  expect(nameOf(acquired)).toBe('g2');
  acquired.release();
  await settled();
  await start();
  expect(nameOf(await second)).toBe('g3');
  expect(nameOf(await manager.acquire(NEVER))).toBe('g3');
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started', 'g1 retired', 'g3 started', 'g2 retired']);
});

/** A manager whose starts, except the first, end when the test says so. */
async function createSlow() {
  const starter = createStarter();
  const started: (() => Promise<void>)[] = [];
  let isFirst = true;
  const manager = await startInstanceManager({
    observer: createMemoryLog(),
    signal: NEVER,
    async start() {
      if (!isFirst) {
        const turn = Promise.withResolvers<void>();
        started.push(async () => turn.resolve());
        await turn.promise;
      }
      isFirst = false;
      return await starter.start();
    },
    stamp: async () => starter.state.stamp,
  });
  return { ...starter, manager, start: async () => await started.shift()?.() };
}
