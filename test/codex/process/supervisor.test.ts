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

  it('lets callers wait for the next attempt while that is due soon', async () => {
    const { start, children } = createStarts('starts', 'fails', 'fails', 'starts');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    children[0]!.die();
    await settle();
    const waiting = supervisor.current(NEVER);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await waiting).toHaveProperty('number', 1);
  });

  it('tells callers how long it waits when starts go on failing', async () => {
    const { start, children } = createStarts('starts', 'fails');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    children[0]!.die();
    await settle();
    const waiting = supervisor.current(NEVER).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(1_500);
    expect(await waiting).toMatchObject({
      code: 'codex_unavailable',
      message: expect.stringContaining('in 2 s'),
      detail: { retryAfter: 2 },
    });
    await supervisor.close();
  });

  it('tries again within five seconds of the last death, however long children go on dying', async () => {
    const { start, children, attempts } = createStarts('starts');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    for (let death = 0; death < 20; death += 1) {
      children.at(-1)!.die();
      await settle();
      expect(supervisor.restartSeconds()).toBeLessThanOrEqual(5);
      await vi.advanceTimersByTimeAsync(4_900);
      expect(attempts()).toBe(death + 2);
    }
    await supervisor.close();
  });

  it('counts down the seconds until its next attempt', async () => {
    const { start, children } = createStarts('starts', 'fails');
    const supervisor = await supervise({ start, observer: createMemoryLog() });
    expect(supervisor.restartSeconds()).toBe(1);
    children[0]!.die();
    // Attempts at once, after 0.5, 1 and 2 seconds; the next one comes 4.5 seconds after the last of them.
    await vi.advanceTimersByTimeAsync(3_500);
    expect(supervisor.restartSeconds()).toBe(5);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(supervisor.restartSeconds()).toBe(3);
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
