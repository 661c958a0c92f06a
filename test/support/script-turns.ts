import { flatten } from './flatten.ts';
import type { TurnEvent } from '../../src/conversation/turn-event.ts';
import type { Turn } from '../../src/conversation/turn.ts';
import { applyStages } from '../../src/gateway/answer/apply-stages.ts';
import { onEvents, type EventStage, type Run } from '../../src/gateway/answer/stage.ts';

export const TURN: Turn = { model: 'm', items: [] };

/** Turns that say what is given, one after the other; a turn's events come one by one, or together in one batch. */
export interface ScriptedTurns {
  readonly run: Run;
  /** The turns that have run. */
  readonly turns: Turn[];
}

export function scriptTurns(
  answers: readonly (readonly TurnEvent[])[],
  { together = false } = {},
): ScriptedTurns {
  const turns: Turn[] = [];
  async function* run(turn: Turn): AsyncGenerator<readonly TurnEvent[]> {
    turns.push(turn);
    const events = answers[turns.length - 1]!;
    if (together) yield events;
    else for (const event of events) yield [event];
  }
  return { run, turns };
}

/** Returns the events of a turn after a stage that they pass one by one, or together in one batch. */
export async function passStage(
  stage: EventStage,
  events: readonly TurnEvent[],
  options: { together?: boolean } = {},
): Promise<TurnEvent[]> {
  const { run } = scriptTurns([events], options);
  const staged = applyStages(run, [onEvents(() => stage)], () => {});
  return await Array.fromAsync(flatten(staged(TURN)));
}
