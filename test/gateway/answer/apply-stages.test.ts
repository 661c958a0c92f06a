import { describe, expect, it } from 'vitest';
import { flatten } from '../../support/flatten.ts';
import type { TurnEvent } from '../../../src/conversation/turn-event.ts';
import { applyStages } from '../../../src/gateway/answer/apply-stages.ts';
import {
  cutEnd,
  onEvents,
  onTurns,
  type Batch,
  type EventStage,
  type Stage,
} from '../../../src/gateway/answer/stage.ts';
import { scriptTurns, TURN } from '../../support/script-turns.ts';

const text = (value: string): TurnEvent => ({ type: 'text-delta', text: value });
const END: TurnEvent = { type: 'turn-end', reason: 'stop', isComplete: true, usage: null };

/** Adds a letter to every text. */
const add =
  (letter: string): EventStage =>
  (batch) =>
    batch.map((event) => (event.type === 'text-delta' ? text(event.text + letter) : event));

/** Ends the answer before a text. */
const cutBefore =
  (word: string): EventStage =>
  (batch) => {
    const index = batch.findIndex((event) => event.type === 'text-delta' && event.text === word);
    return index < 0 ? batch : [...batch.slice(0, index), cutEnd('stop')];
  };

const run = (stages: readonly Stage[], events: readonly TurnEvent[], interrupt = () => {}) =>
  applyStages(scriptTurns([events], { together: true }).run, stages, interrupt)(TURN);

describe('stages', () => {
  it('pass events on in their order', async () => {
    const events = run([onEvents(() => add('a')), onEvents(() => add('b'))], [text('x'), END]);
    expect(await Array.fromAsync(flatten(events))).toEqual([text('xab'), END]);
  });

  it('are created anew for each turn, and left out of a turn that needs none', async () => {
    const { run: runTurn, turns } = scriptTurns([
      [text('x'), END],
      [text('y'), END],
    ]);
    const twice = onTurns(
      (once) =>
        async function* both(turn) {
          yield* once(turn);
          yield* once({ ...turn, expectsCalls: true });
        },
    );
    const stages = [onEvents((turn) => (turn.expectsCalls ? undefined : add('a'))), twice];
    const events = await Array.fromAsync(flatten(applyStages(runTurn, stages, () => {})(TURN)));
    expect(events).toEqual([text('xa'), END, text('y'), END]);
    expect(turns).toHaveLength(2);
  });

  it('keep events together that arrive together, except the end', async () => {
    const batches = run([onEvents(() => add('a'))], [text('x'), text('y'), END]);
    expect(await Array.fromAsync(batches)).toEqual([[text('xa'), text('ya')], [END]]);
  });

  it('that fail at the end still pass on everything before it', async () => {
    const failing: EventStage = (batch) => {
      if (batch.at(-1)?.type === 'turn-end') throw new Error('broken');
      return batch;
    };
    const passed: TurnEvent[] = [];
    const read = async () => {
      for await (const event of flatten(run([onEvents(() => failing)], [text('x'), END]))) passed.push(event);
    };
    await expect(read()).rejects.toThrow('broken');
    expect(passed).toEqual([text('x')]);
  });
});

describe('a stage that ends the answer', () => {
  it('interrupts the turn before a later stage waits', async () => {
    const order: string[] = [];
    const wait: EventStage = async (batch: Batch) => {
      await Promise.resolve();
      order.push('waited');
      return batch;
    };
    const stages = [onEvents(() => cutBefore('y')), onEvents(() => wait)];
    const events = run(stages, [text('x'), text('y'), END], () => order.push('interrupted'));
    expect(await Array.fromAsync(flatten(events))).toEqual([text('x'), cutEnd('stop')]);
    expect(order).toEqual(['interrupted', 'waited', 'waited']);
  });

  it('closes the turn before it yields the end of a cut answer', async () => {
    let left = false;
    async function* source(): AsyncGenerator<Batch> {
      try {
        yield [text('x')];
        yield [text('y')];
        yield [text('z'), END];
      } finally {
        left = true;
      }
    }
    const events = flatten(applyStages(source, [onEvents(() => cutBefore('y'))], () => {})(TURN));
    expect((await events.next()).value).toEqual(text('x'));
    expect((await events.next()).value).toMatchObject({
      type: 'turn-end',
      reason: 'stop',
      isComplete: false,
    });
    expect(left).toBe(true);
  });

  it('interrupts no turn that ends by itself', async () => {
    const interrupt = () => {
      throw new Error('interrupted');
    };
    const events = run([onEvents(() => cutBefore('y'))], [text('x'), END], interrupt);
    expect(await Array.fromAsync(flatten(events))).toEqual([text('x'), END]);
  });

  it('drops the later end of the turn', async () => {
    const stages = [onEvents(() => add('')), onEvents(() => cutBefore('x'))];
    expect(await Array.fromAsync(flatten(run(stages, [text('x'), END])))).toEqual([cutEnd('stop')]);
  });
});
