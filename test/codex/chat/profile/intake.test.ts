import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TurnCaller } from '../../../../src/codex/chat/continuation/thread-interface.ts';
import { createIntake } from '../../../../src/codex/chat/profile/intake.ts';
import type { Turn } from '../../../../src/conversation/turn.ts';

const NEVER = new AbortController().signal;

const turnOf = (text: string): Turn => ({
  model: 'm',
  items: [{ type: 'message', role: 'user', parts: [{ type: 'text', text }], path: 'input[0]' }],
});
const SMALL = turnOf('x'.repeat(1_000_000));
const LARGE = turnOf('x'.repeat(2_000_000));

/** Makes all work that is done in slices pause after each step, or never, however busy the machine is. */
function letTimePass(msPerStep: number): void {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += msPerStep));
}
beforeEach(() => letTimePass(0));
afterEach(() => void vi.restoreAllMocks());

/** An intake whose turns are handed over for as long as the test wants. */
function create() {
  const intake = createIntake();
  /** Names of the turns whose work has begun, in that order. */
  const begun: string[] = [];
  const works = new Map<string, PromiseWithResolvers<void>>();
  const enter = (name: string, turn: Turn, caller: TurnCaller = { signal: NEVER }) => {
    const work = Promise.withResolvers<void>();
    works.set(name, work);
    return intake.run(turn, caller, async () => {
      begun.push(name);
      await work.promise;
    });
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    begun,
    enter,
    settle,
    async finish(name: string) {
      works.get(name)!.resolve();
      await settle();
    },
    fail: (name: string) => works.get(name)!.reject(new Error('no')),
  };
}

describe('the intake of an app-server', () => {
  it('hands over large turns one at a time, in the order in which they came', async () => {
    const { begun, enter, settle, finish } = create();
    const turns = ['a', 'b', 'c'].map((name) => enter(name, LARGE));
    await settle();
    expect(begun).toEqual(['a']);
    await finish('a');
    expect(begun).toEqual(['a', 'b']);
    await finish('b');
    await finish('c');
    await Promise.all(turns);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('keeps the order in which turns came, even if one takes longer to weigh than those after it', async () => {
    letTimePass(10);
    const { begun, enter, finish } = create();
    const [item] = SMALL.items;
    const pieces: Turn = { ...SMALL, items: [item!, item!, item!] };
    const turns = [enter('first', pieces), enter('second', turnOf('x'.repeat(2_000_000)))];
    await vi.waitFor(() => expect(begun).not.toEqual([]));
    expect(begun).toEqual(['first']);
    await finish('first');
    await finish('second');
    await Promise.all(turns);
  });

  it('hands over small turns at once, and the next large one only after them', async () => {
    const { begun, enter, settle, finish } = create();
    const turns = [enter('a', LARGE), enter('b', LARGE)];
    await settle();
    turns.push(enter('small', SMALL), enter('other', SMALL));
    await settle();
    await finish('a');
    expect(begun).toEqual(['a', 'small', 'other']);
    await finish('small');
    expect(begun).toEqual(['a', 'small', 'other']);
    await finish('other');
    expect(begun).toEqual(['a', 'small', 'other', 'b']);
    await finish('b');
    await Promise.all(turns);
  });

  it('hands over a large turn even if small ones keep coming', async () => {
    const { begun, enter, settle, finish } = create();
    const turns = [enter('first', SMALL), enter('large', LARGE)];
    await settle();
    turns.push(enter('second', SMALL));
    await settle();
    await finish('first');
    expect(begun).toEqual(['first', 'second', 'large']);
    await finish('second');
    await finish('large');
    await Promise.all(turns);
  });

  it('counts all that a turn sends, not its texts alone', async () => {
    const { begun, enter, settle, finish } = create();
    const passthroughTools = [{ type: 'function', name: 'f', description: 'x'.repeat(2_000_000) }];
    const turns = [
      enter('a', LARGE),
      enter('tools', { model: 'm', items: [], passthroughTools: passthroughTools }),
    ];
    await settle();
    expect(begun).toEqual(['a']);
    await finish('a');
    await finish('tools');
    await Promise.all(turns);
  });

  it('lets the next large turn in when one fails', async () => {
    const { begun, enter, settle, fail, finish } = create();
    const turns = [enter('a', LARGE), enter('b', LARGE)];
    await settle();
    fail('a');
    await expect(turns[0]).rejects.toThrow('no');
    await finish('b');
    await turns[1];
    expect(begun).toEqual(['a', 'b']);
  });

  it('lets the next large turn in when one is aborted while it waits', async () => {
    const { begun, enter, settle, finish } = create();
    const [first, second] = [new AbortController(), new AbortController()];
    const small = enter('small', SMALL);
    const before = enter('before', LARGE, { signal: first.signal });
    const queued = enter('queued', LARGE, { signal: second.signal });
    const last = enter('last', LARGE);
    await settle();
    second.abort(new Error('gone'));
    await expect(queued).rejects.toThrow('gone');
    first.abort(new Error('gone too'));
    await expect(before).rejects.toThrow('gone too');
    await finish('small');
    await finish('last');
    await Promise.all([small, last]);
    expect(begun).toEqual(['small', 'last']);
  });

  it('reports to a large turn when it begins to wait and when it may go on', async () => {
    const { enter, settle, finish } = create();
    const heard: boolean[] = [];
    const onQueue = (isWaiting: boolean) => heard.push(isWaiting);
    const turns = [enter('a', LARGE), enter('b', LARGE, { signal: NEVER, onQueue })];
    await settle();
    expect(heard).toEqual([true]);
    await finish('a');
    expect(heard).toEqual([true, false]);
    await finish('b');
    await Promise.all(turns);
  });
});
