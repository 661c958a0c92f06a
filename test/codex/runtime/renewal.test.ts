import { afterEach, expect, it, vi } from 'vitest';
import type { Generation } from '../../../src/codex/runtime/generation.ts';
import { startRenewal } from '../../../src/codex/runtime/renewal.ts';
import { createMemoryLog } from '../../support/memory-log.ts';

const NEVER = new AbortController().signal;

/** Generations that are named, started one after the other, and remember their end. */
function createStarter() {
  const events: string[] = [];
  const state = { stamp: 'first', fails: false, provisional: false };
  let count = 0;
  async function start(): Promise<Generation> {
    if (state.fails) throw new Error('no room');
    count += 1;
    const name = `g${count}`;
    const free = Promise.withResolvers<void>();
    let holders = 0;
    events.push(`${name} started`);
    return {
      name,
      provisional: state.provisional,
      known: new Map(),
      current: async () => await Promise.reject(new Error('none')),
      hold() {
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
    } as unknown as Generation;
  }
  return { events, state, start };
}

afterEach(() => vi.restoreAllMocks());

const nameOf = ({ generation }: { generation: Generation }) =>
  (generation as unknown as { name: string }).name;
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function create() {
  const starter = createStarter();
  const log = createMemoryLog();
  const renewal = await startRenewal({
    log,
    signal: NEVER,
    start: starter.start,
    stamp: async () => starter.state.stamp,
  });
  return { ...starter, log, renewal };
}

it('keeps its generation while the set-up is unchanged', async () => {
  const { renewal, events } = await create();
  expect([nameOf(await renewal.take(NEVER)), nameOf(await renewal.take(NEVER))]).toEqual(['g1', 'g1']);
  expect(events).toEqual(['g1 started']);
});

it('takes the current generation without a check when the request has already checked', async () => {
  const { renewal, state } = await create();
  state.stamp = 'second';
  expect(nameOf(await renewal.take(NEVER, true))).toBe('g1');
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
  expect(nameOf(await renewal.take(NEVER, true))).toBe('g2');
});

it('starts one new generation after a change and retires the old one once it is released', async () => {
  const { renewal, events, state } = await create();
  const before = await renewal.take(NEVER);
  state.stamp = 'second';
  const after = await Promise.all([renewal.take(NEVER), renewal.take(NEVER)]);
  expect(after.map(nameOf)).toEqual(['g2', 'g2']);
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started']);
  before.release();
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started', 'g1 retired']);
});

it('refuses requests while a new generation fails to start, and then tries again', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const { renewal, log, state, events } = await create();
  state.stamp = 'second';
  state.fails = true;
  await expect(renewal.take(NEVER)).rejects.toMatchObject({
    code: 'codex_unavailable',
    detail: { retryAfter: 1 },
  });
  await expect(renewal.take(NEVER)).rejects.toMatchObject({ code: 'codex_unavailable' });
  expect(log.lines).toEqual([
    expect.stringContaining('did not start with the changed set-up {"problem":"no room"}'),
  ]);
  state.fails = false;
  clock.mockReturnValue(1_001);
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started', 'g1 retired']);
});

it('replaces a generation that has lost its home once, however many turns report it', async () => {
  const { renewal, events, log } = await create();
  const before = await renewal.take(NEVER);
  await Promise.all([renewal.replaceLost(before.generation), renewal.replaceLost(before.generation)]);
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
  await renewal.replaceLost(before.generation);
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
  before.release();
  await settled();
  expect(events).toEqual(['g1 started', 'g2 started', 'g1 retired']);
  expect(log.lines.filter((line) => line.includes('was removed'))).toHaveLength(1);
});

it('refuses requests while a lost home cannot be made again, and then tries again', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const { renewal, state, log } = await create();
  const { generation } = await renewal.take(NEVER);
  state.fails = true;
  await renewal.replaceLost(generation);
  for (const time of [0, 1_001]) {
    clock.mockReturnValue(time);
    await expect(renewal.take(NEVER)).rejects.toMatchObject({
      code: 'codex_unavailable',
      message: expect.stringContaining('state folder was removed') as string,
    });
  }
  expect(log.lines.filter((line) => line.includes('was removed'))).toHaveLength(1);
  state.fails = false;
  clock.mockReturnValue(2_002);
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
});

it('replaces a provisional generation in the background', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const starter = createStarter();
  starter.state.provisional = true;
  const log = createMemoryLog();
  const renewal = await startRenewal({ log, signal: NEVER, start: starter.start, stamp: async () => 'same' });
  clock.mockReturnValue(60_001);
  starter.state.fails = true;
  expect(nameOf(await renewal.take(NEVER))).toBe('g1');
  await settled();
  expect(log.lines).toEqual([expect.stringContaining('could not be started again')]);
  starter.state.fails = false;
  starter.state.provisional = false;
  clock.mockReturnValue(120_002);
  expect(nameOf(await renewal.take(NEVER))).toBe('g1');
  await settled();
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
  clock.mockReturnValue(999_999);
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
});

it('forgets a failed start once a later one has succeeded', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const { renewal, state, events } = await create();
  state.stamp = 'second';
  state.fails = true;
  const failing = renewal.take(NEVER).catch((error: unknown) => error);
  await settled();
  state.stamp = 'third';
  state.fails = false;
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
  expect(await failing).toMatchObject({ code: 'codex_unavailable' });
  clock.mockReturnValue(5_000);
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
  expect(events.filter((event) => event.endsWith('started'))).toHaveLength(2);
});

it('waits on close for a background start and logs nothing about it', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(0);
  const starter = createStarter();
  const log = createMemoryLog();
  starter.state.provisional = true;
  let starts = 0;
  const start = async (signal: AbortSignal) => {
    starts += 1;
    if (starts === 1) return await starter.start();
    const ended = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => setImmediate(() => ended.reject(signal.reason as Error)));
    return await ended.promise.finally(() => starter.events.push('cleared up'));
  };
  const renewal = await startRenewal({ log, signal: NEVER, start, stamp: async () => 'same' });
  clock.mockReturnValue(60_001);
  await renewal.take(NEVER);
  await renewal.close();
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
  const renewal = await startRenewal({ log: createMemoryLog(), signal: NEVER, start: starter.start, stamp });
  const [early, late] = [renewal.take(NEVER), renewal.take(NEVER)];
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
  const renewal = await startRenewal({ log, signal: NEVER, start, stamp: async () => state.stamp });
  state.stamp = 'second';
  const waiting = renewal.take(NEVER).catch((error: unknown) => error);
  await settled();
  await renewal.close();
  expect(await waiting).toMatchObject({ code: 'codex_unavailable' });
  await expect(renewal.take(NEVER)).rejects.toMatchObject({ message: 'The gateway is shutting down.' });
  expect(starter.events).toEqual(['g1 started', 'g1 closed']);
});

it('closes all remaining generations on close', async () => {
  const { renewal, events, state } = await create();
  await renewal.take(NEVER);
  state.stamp = 'second';
  await renewal.take(NEVER);
  await renewal.close();
  expect(events.slice(2).toSorted()).toEqual(['g1 closed', 'g2 closed']);
});
