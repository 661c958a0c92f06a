import { beforeEach, afterEach, expect, it, vi } from 'vitest';
import type { Engine } from '../../../src/conversation/ports/engine.ts';
import { SILENT } from '../../../src/app/log/observer.ts';
import { createAdmission } from '../../../src/gateway/turn/admission.ts';
import { runTurn } from '../../../src/gateway/turn/run-turn.ts';
import { TURN } from '../../support/script-turns.ts';
import { countOpenTimers, useFakeTimers } from '../../support/fake-timers.ts';

beforeEach(useFakeTimers);
afterEach(() => void vi.useRealTimers());

const SECOND = { start: 1, firstByte: 1, turn: 1 };

function run(engine: Pick<Engine, 'runTurn'>, running = 1) {
  const controller = new AbortController();
  const admission = createAdmission({ running, waiting: 1, perToken: 9 }, SILENT);
  const [reservation] = admission.reserve('', 1);
  const events = runTurn({ engine, deadlines: SECOND }, TURN, {
    reservation: reservation!,
    loadItems: async (items) => items,
    asked: { isAsked: false },
    onAdmitted: undefined,
    signal: controller.signal,
    controller,
  });
  return { events, controller };
}

async function* tell() {
  yield [{ type: 'turn-start', adjustments: [] }] as const;
}

it('a reader that silently stops reading does not delay the end of the process once the turn is over', async () => {
  const over = Promise.withResolvers<void>();
  const { events } = run({ runTurn: () => ({ events: tell(), ended: over.promise }) });
  expect(await events.next()).toMatchObject({ value: [{ type: 'turn-start' }] });
  expect(countOpenTimers()).toBeGreaterThan(0);
  over.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(countOpenTimers()).toBe(0);
});

it('a turn that gets its place after its reader has left does not delay the end of the process', async () => {
  const { events, controller } = run({
    runTurn: (_turn, signal) => {
      signal.throwIfAborted();
      return { events: tell(), ended: Promise.resolve() };
    },
  });
  const first = events.next();
  controller.abort(new Error('gone'));
  await expect(first).rejects.toThrow('gone');
  await vi.advanceTimersByTimeAsync(0);
  expect(countOpenTimers()).toBe(0);
});

it('a reader that leaves ends the deadlines of the turn', async () => {
  const { events } = run({ runTurn: () => ({ events: tell(), ended: new Promise(() => {}) }) });
  await events.next();
  await events.return(undefined);
  expect(countOpenTimers()).toBe(0);
});
