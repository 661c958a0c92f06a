import { beforeEach, afterEach, expect, it, vi } from 'vitest';
import type { Engine } from '../../../src/conversation/ports/engine.ts';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { ClientGoneError } from '../../../src/base/errors.ts';
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
  const admission = createAdmission({ running, waiting: 1, perToken: 1 }, SILENT);
  const [reservation] = admission.reserve('', 1);
  const events = runTurn({ engine, deadlines: SECOND }, TURN, {
    reservation: reservation!,
    loadItems: async (items) => items,
    asked: { isAsked: false },
    onAdmitted: undefined,
    signal: controller.signal,
    controller,
  });
  return { events, controller, admission };
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

it('a caller whose answer has ended may ask again at once, while Codex still ends the work', async () => {
  const over = Promise.withResolvers<void>();
  const { events, admission } = run({ runTurn: () => ({ events: tell(), ended: over.promise }) });
  await events.next();
  expect(() => admission.reserve('', 1)).toThrow(/with this API key/);
  await events.next();
  expect(admission.count()).toEqual({ running: 1, waiting: 0 });
  const [next] = admission.reserve('', 1);
  const began = vi.fn(async () => {});
  const ran = next!.run(NEVER_ABORTED, began);
  expect(() => admission.reserve('', 1)).toThrow(/with this API key/);
  expect(began).not.toHaveBeenCalled();
  over.resolve();
  await ran;
  expect(began).toHaveBeenCalledOnce();
});

it('a caller that leaves counts until Codex has ended its work', async () => {
  const over = Promise.withResolvers<void>();
  const { events, controller, admission } = run({ runTurn: () => ({ events: tell(), ended: over.promise }) });
  await events.next();
  controller.abort(new ClientGoneError());
  await events.return(undefined);
  expect(() => admission.reserve('', 1)).toThrow(/with this API key/);
  over.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(admission.reserve('', 1)).toHaveLength(1);
});
