import { expect, it } from 'vitest';
import type { Engine } from '../../../src/conversation/ports/engine.ts';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { createModelRouting } from '../../../src/gateway/models/model-routing.ts';
import { createModel } from '../../support/model.ts';
import { createTurnRun } from '../../support/turn-run.ts';

const NEVER = new AbortController().signal;
/** A gateway with few places, before an engine that answers `x`, or fails with its nth turn. */
function create(running: number, failing?: number) {
  let turns = 0;
  let most = 0;
  let open = 0;
  const engine: Engine = {
    requireLogin: async () => {},
    limits: () => [],
    models: async () => [createModel('m')],
    runTurn: (_turn, signal) => createTurnRun(answerX(), signal),
  };
  async function* answerX(): AsyncGenerator<TurnEvent> {
    turns += 1;
    if (turns === failing) throw new Error('broken');
    open += 1;
    most = Math.max(most, open);
    try {
      yield { type: 'turn-start', adjustments: [] };
      yield { type: 'text-delta', text: 'x' };
      yield { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };
    } finally {
      open -= 1;
    }
  }
  const gateway = createGateway({
    engine,
    routing: createModelRouting(engine, {
      presets: [],
      defaults: {},
      reasoningSummary: false,
      only: undefined,
    }),
    images: { load: async (items) => items },
    schemas: { check: async () => undefined },
    tokenizer: { count: async () => 0, head: async (text) => ({ text, tokens: 0 }) },
    deadlines: { start: 5, firstByte: 5, turn: 5 },
    limits: { running, waiting: 100 },
  });
  const answer = async (answers: number) => {
    const { events } = await gateway.answer(
      {
        turn: { model: 'm', items: [] },
        n: answers,
        callRequired: undefined,
        format: { type: 'text' },
        stop: [],
        maxTokens: undefined,
      },
      NEVER,
    );
    return await Array.fromAsync(events);
  };
  return { answer, measure: () => ({ turns, most, open }) };
}

it.each([1, 3, 8, 20])('gives several callers at once all their answers with %i places', async (running) => {
  const { answer, measure } = create(running);
  const told = await Promise.all([answer(8), answer(8), answer(1)]);
  expect(told.map((events) => events.filter(({ value }) => value.type === 'turn-end').length)).toEqual([
    8, 8, 1,
  ]);
  expect(measure()).toMatchObject({ turns: 17, open: 0 });
  expect(measure().most).toBeLessThanOrEqual(running);
});

it.each([1, 5, 8])('fails the request and releases every place when answer %i fails', async (failing) => {
  const { answer, measure } = create(4, failing);
  await expect(answer(8)).rejects.toThrow('broken');
  expect((await answer(8)).filter(({ value }) => value.type === 'turn-end')).toHaveLength(8);
  expect(measure().open).toBe(0);
});
