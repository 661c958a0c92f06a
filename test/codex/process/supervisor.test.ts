import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Exit } from '../../../src/codex/process/child-process.ts';
import { supervise, type SupervisedChild } from '../../../src/codex/process/supervisor.ts';
import { createMemoryLog } from '../../support/memory-log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const NEVER = new AbortController().signal;

interface Child extends SupervisedChild {
  die(): void;
  readonly number: number;
}

/** Creates a start function with the given outcomes; the last one repeats. */
function createStarts(...outcomes: ('starts' | 'fails')[]) {
  const children: Child[] = [];
  let attempts = 0;
  const start = async () => {
    const outcome = outcomes[Math.min(attempts, outcomes.length - 1)];
    attempts += 1;
    if (outcome === 'fails') throw new Error('no start');
    const exit = Promise.withResolvers<Exit>();
    const die = () => exit.resolve({ code: 1, signal: undefined, reason: undefined });
    const child: Child = {
      number: children.length,
      exited: exit.promise,
      die,
      close: async () => die(),
    };
    children.push(child);
    return child;
  };
  return { start, children, attempts: () => attempts };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

describe('the supervisor', () => {
  it('rejects when the first start fails', async () => {
    const { start } = createStarts('fails');
    await expect(supervise({ start, observer: createMemoryLog() })).rejects.toThrow('no start');
  });

  it('restarts a child that died at once and returns the new one', async () => {
    const { start, children } = createStarts('starts');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    children[0]!.die();
    await settle();
    expect(await supervisor.current(NEVER)).toHaveProperty('number', 1);
  });

  it('waits longer after each failed start', async () => {
    const { start, children, attempts } = createStarts('starts', 'fails', 'fails', 'starts');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    children[0]!.die();
    await settle();
    expect(attempts()).toBe(2);
    await vi.advanceTimersByTimeAsync(499);
    expect(attempts()).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(attempts()).toBe(3);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await supervisor.current(NEVER)).toHaveProperty('number', 1);
  });

  it('rejects waiting callers when a start fails', async () => {
    const { start, children } = createStarts('starts', 'fails');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    children[0]!.die();
    await settle();
    const waiting = supervisor.current(NEVER);
    waiting.catch(() => {});
    await vi.advanceTimersByTimeAsync(500);
    await expect(waiting).rejects.toMatchObject({ code: 'codex_unavailable', detail: { retryAfter: 5 } });
    await supervisor.close();
  });

  it('lets a waiting caller abort', async () => {
    const { start, children } = createStarts('starts', 'fails');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    children[0]!.die();
    await settle();
    const controller = new AbortController();
    const waiting = supervisor.current(controller.signal);
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await supervisor.close();
  });

  it('restarts a child that lived long without delay', async () => {
    const { start, children, attempts } = createStarts('starts');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    for (let life = 0; life < 3; life += 1) {
      await vi.advanceTimersByTimeAsync(60_000);
      children.at(-1)!.die();
      await settle();
      expect(attempts()).toBe(life + 2);
    }
    await supervisor.close();
  });

  it('starts no child once it is closed', async () => {
    const { start, children, attempts } = createStarts('starts');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    await supervisor.close();
    children[0]!.die();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(attempts()).toBe(1);
  });
});
