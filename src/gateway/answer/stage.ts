import type { StopReason, TurnEnd, TurnEvent } from '../../conversation/turn-event.ts';
import type { Turn } from '../../conversation/turn.ts';

/** Events of a turn that arrived together. */
export type Batch = readonly TurnEvent[];

/** Runs one turn of an answer. Items that are not in the request come at the end of its conversation. */
export type Run = (turn: Turn) => AsyncGenerator<Batch>;

/**
 * Takes the events of one turn, batch by batch, and returns those that go on; returns a promise only where it has to wait.
 * It may end the answer with a `turn-end` of its own: then nothing more of the turn is read.
 */
export type EventStage = (batch: Batch) => Batch | Promise<Batch>;

/** Creates a stage for the events of one turn; returns undefined for a turn that needs none. */
export type CreateEventStage = (turn: Turn) => EventStage | undefined;

/** A stage of an answer: one that takes the events of each turn, or one that may run several turns. */
export type Stage =
  | { readonly kind: 'events'; readonly create: CreateEventStage }
  | { readonly kind: 'turns'; readonly around: (run: Run) => Run };

export function onEvents(create: CreateEventStage): Stage {
  return { kind: 'events', create };
}

export function onTurns(around: (run: Run) => Run): Stage {
  return { kind: 'turns', around };
}

/** Returns the end of an answer that a stage cuts. */
export function cutEnd(reason: StopReason): TurnEnd {
  return { type: 'turn-end', reason, isComplete: false, usage: null };
}
