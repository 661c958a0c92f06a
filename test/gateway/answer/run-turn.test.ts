import { expect, it, onTestFinished, vi } from 'vitest';
import type { Turn } from '../../../src/conversation/turn.ts';
import { runTurn, type TurnRunner } from '../../../src/gateway/answer/run-turn.ts';

it('a reader that stops reading without a word holds up no end of the process once the turn is over', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const over = Promise.withResolvers<void>();
  async function* tell() {
    yield [{ type: 'turn-start', adjustments: [] }] as const;
  }
  const runner = {
    engine: { runTurn: () => ({ events: tell(), ended: over.promise }) },
    admission: { run: async (_signal: AbortSignal, work: () => Promise<void>) => await work() },
    deadlines: { start: 1, firstByte: 1, turn: 1 },
  } as unknown as TurnRunner;
  const turn = { model: 'gpt-5.5', items: [] } as unknown as Turn;
  const load = async () => [];
  const signal = new AbortController().signal;
  const events = runTurn(runner, turn, { load, onPlace: undefined, signal });
  expect(await events.next()).toMatchObject({ value: { type: 'turn-start' } });
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  over.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(0);
});
