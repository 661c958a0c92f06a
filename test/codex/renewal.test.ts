import { expect, it } from 'vitest';
import type { Generation } from '../../src/codex/generation.ts';
import { startRenewal } from '../../src/codex/renewal.ts';
import { createMemoryLog } from '../support/memory-log.ts';

const NEVER = new AbortController().signal;

/** Generations that are named, started one after the other, and remember their end. */
function createStarter() {
  const events: string[] = [];
  const state = { stamp: 'first', fails: false };
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
    } as Generation;
  }
  return { events, state, start };
}

const nameOf = ({ generation }: { generation: Generation }) =>
  (generation as Generation & { name: string }).name;
const settled = () => new Promise((resolve) => setImmediate(resolve));

async function create() {
  const starter = createStarter();
  const log = createMemoryLog();
  const renewal = await startRenewal({ log, start: starter.start, stamp: async () => starter.state.stamp });
  return { ...starter, log, renewal };
}

it('nothing changes while nothing has changed', async () => {
  const { renewal, events } = await create();
  expect([nameOf(await renewal.take(NEVER)), nameOf(await renewal.take(NEVER))]).toEqual(['g1', 'g1']);
  expect(events).toEqual(['g1 started']);
});

it('a change starts one for all who ask, and the one before ends when nobody holds it', async () => {
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

it('one that does not start leaves the one before in charge, until the next change', async () => {
  const { renewal, log, state } = await create();
  state.stamp = 'second';
  state.fails = true;
  expect(nameOf(await renewal.take(NEVER))).toBe('g1');
  expect(log.lines).toEqual([
    expect.stringContaining('error codex app-server did not start with the changed set-up'),
  ]);
  state.fails = false;
  expect(nameOf(await renewal.take(NEVER))).toBe('g1');
  state.stamp = 'third';
  expect(nameOf(await renewal.take(NEVER))).toBe('g2');
});

it('the end ends all that are left', async () => {
  const { renewal, events, state } = await create();
  await renewal.take(NEVER);
  state.stamp = 'second';
  await renewal.take(NEVER);
  await renewal.close();
  expect(events.slice(2).toSorted()).toEqual(['g1 closed', 'g2 closed']);
});
