import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { withDeadlines, type DeadlineClock } from '../../../src/gateway/turn/deadlines.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';

beforeEach(useFakeTimers);
afterEach(() => void vi.useRealTimers());

/** Work under deadlines of one, two and three seconds, which lasts until `end` is called. */
async function start() {
  const controller = new AbortController();
  const ended = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<DeadlineClock>();
  const work = withDeadlines({ start: 1, firstByte: 2, turn: 3 }, controller, async (clock) => {
    begun.resolve(clock);
    await ended.promise;
  });
  return { clock: await begun.promise, controller, work, end: ended.resolve, fail: ended.reject };
}

describe('a deadline', () => {
  it.each([
    ['start', 1, 'start_timeout', 'This request could not be started within 1 s. Try again.'],
    ['firstByte', 2, 'first_byte_timeout', 'The model provider sent nothing within 2 s.'],
    ['turn', 3, 'turn_timeout', 'The model provider did not finish within 3 s.'],
  ] as const)('%s aborts after %i s', async (name, seconds, code, message) => {
    const { clock, controller, end } = await start();
    clock.begin(name);
    vi.advanceTimersByTime(seconds * 1000 - 1);
    expect(controller.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(controller.signal.reason).toMatchObject({ code, message });
    end();
  });

  it('that was ended does not abort', async () => {
    const { clock, controller } = await start();
    clock.begin('start');
    clock.begin('turn');
    clock.end('start');
    clock.endAll();
    expect(countOpenTimers()).toBe(0);
    expect(controller.signal.aborted).toBe(false);
  });

  it('begins anew when it is begun again', async () => {
    const { clock, controller } = await start();
    clock.begin('start');
    vi.advanceTimersByTime(900);
    clock.begin('start');
    vi.advanceTimersByTime(900);
    expect(controller.signal.aborted).toBe(false);
    expect(countOpenTimers()).toBe(1);
    clock.endAll();
  });

  it('replaces a running one, but not one that has ended', async () => {
    const { clock } = await start();
    clock.begin('start');
    clock.replace('start', 'firstByte');
    expect(countOpenTimers()).toBe(1);
    clock.end('firstByte');
    clock.replace('start', 'firstByte');
    expect(countOpenTimers()).toBe(0);
  });
});

describe('work under deadlines', () => {
  it.each(['succeeds', 'fails'])('ends them when it %s', async (outcome) => {
    const { clock, work, end, fail } = await start();
    clock.begin('start');
    clock.begin('turn');
    if (outcome === 'fails') fail(new Error('broken'));
    else end();
    await work.catch(() => {});
    expect(countOpenTimers()).toBe(0);
  });

  it('that has ended starts no deadline for a reader who comes late', async () => {
    const { clock, work, end } = await start();
    clock.begin('start');
    end();
    await work;
    clock.replace('start', 'firstByte');
    expect(countOpenTimers()).toBe(0);
  });
});
