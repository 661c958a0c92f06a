import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/app/log/observer.ts';
import { abortable } from '../../../src/base/async/abort.ts';
import type { Engine } from '../../../src/conversation/ports/engine.ts';
import type { Adjustment, TurnEvent } from '../../../src/conversation/turn-event.ts';
import {
  beginAnswers,
  checkAnswerCount,
  type StartedAnswer,
} from '../../../src/gateway/answer/several-answers.ts';
import { createGateway } from '../../../src/gateway/gateway.ts';
import { createModelRouting } from '../../../src/gateway/models/model-routing.ts';
import { createModel } from '../../support/model.ts';
import { createTurnRun } from '../../support/turn-run.ts';
import { unbatch } from '../../support/answer-batches.ts';

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
    limits: { running, waiting: 100, perToken: 100 },
    observer: SILENT,
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
    return await Array.fromAsync(unbatch(events));
  };
  return { answer, measure: () => ({ turns, most, open }) };
}

it.each([1, 3, 8, 20])('gives several callers at once all their answers with %i places', async (running) => {
  const { answer, measure } = create(running);
  const all = await Promise.all([answer(8), answer(8), answer(1)]);
  expect(all.map((events) => events.filter(({ value }) => value.type === 'turn-end').length)).toEqual([
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

describe('the beginning of answers', () => {
  const START: TurnEvent = {
    type: 'turn-start',
    adjustments: [{ path: 'a', from: 'x', to: 'y' }],
  };
  const END: TurnEvent = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };
  const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });
  const later: TurnEvent = { type: 'adjustment', adjustment: { path: 'b', from: 'x', to: 'y' } };

  /** An answer that says what is given, and waits where it is to. */
  function say(batches: readonly (readonly TurnEvent[] | Promise<unknown>)[]): StartedAnswer {
    const controller = new AbortController();
    async function* run() {
      for (const batch of batches) {
        if (batch instanceof Promise) await abortable(batch, controller.signal);
        else yield batch;
      }
    }
    return { batches: run(), controller, reservation: { answered: () => {}, cancel: () => {} } };
  }

  it('resolves before anything is answered, with the adjustments that are known by then', async () => {
    const adjustments: Adjustment[] = [];
    const events = await beginAnswers([say([[START], [text('x'), later, END]])], adjustments);
    expect(adjustments).toEqual([{ path: 'a', from: 'x', to: 'y' }]);
    expect(await Array.fromAsync(unbatch(events))).toEqual([
      { index: 0, value: text('x') },
      { index: 0, value: END },
    ]);
    expect(adjustments.map(({ path }) => path)).toEqual(['a', 'b']);
  });

  it('keeps what arrives together with the start', async () => {
    const events = await beginAnswers([say([[START, text('x'), END]])], []);
    expect((await Array.fromAsync(unbatch(events))).map(({ value }) => value)).toEqual([text('x'), END]);
  });

  it('waits for the first answer only, and numbers the events of all', async () => {
    const second = Promise.withResolvers<void>();
    const answers = [say([second.promise, [START], [text('a'), END]]), say([[START], [text('b'), END]])];
    const events = unbatch(await beginAnswers(answers, []));
    expect((await events.next()).value).toEqual({ index: 1, value: text('b') });
    second.resolve();
    expect((await events.next()).value).toEqual({ index: 1, value: END });
    expect((await events.next()).value).toEqual({ index: 0, value: text('a') });
  });

  it('ends every answer when their reader leaves', async () => {
    const answers = [say([[START], [text('a')], new Promise(() => {})]), say([[START], [text('b')]])];
    const events = (await beginAnswers(answers, []))[Symbol.asyncIterator]();
    await events.next();
    await events.return?.();
    expect(answers.map(({ controller }) => controller.signal.aborted)).toEqual([true, true]);
  });

  it('ends every answer when one fails, before it begins or later', async () => {
    const failing = (after: readonly (readonly TurnEvent[])[]) =>
      say([...after, Promise.reject(new Error('broken'))]);
    const before = [say([new Promise(() => {})]), failing([])];
    await expect(beginAnswers(before, [])).rejects.toThrow('broken');
    const during = [say([[START], new Promise(() => {})]), failing([[START]])];
    await expect(Array.fromAsync(await beginAnswers(during, []))).rejects.toThrow('broken');
    for (const { controller } of [...before, ...during]) {
      expect(controller.signal.reason).toMatchObject({ message: 'broken' });
    }
  });

  it('fails for a turn that ends before it begins', async () => {
    await expect(beginAnswers([say([])], [])).rejects.toThrow('the turn ended before it began');
  });
});

describe('the number of answers', () => {
  it('is refused by the name of its field when it can never fit', () => {
    checkAnswerCount(3, 3, 'n');
    expect(() => checkAnswerCount(4, 3, 'n')).toThrow(
      "Invalid 'n': the request takes 4 answers at once, and at most 3 fit here",
    );
  });
});
