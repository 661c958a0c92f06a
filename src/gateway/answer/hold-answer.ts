import {
  isCall,
  type Call,
  type Citation,
  type TurnEnd,
  type TurnEvent,
} from '../../conversation/turn-event.ts';
import type { Batch } from './stage.ts';

/** An answer that was held back until it was complete. */
export interface HeldAnswer {
  readonly text: string;
  /** Citations of this text alone. */
  readonly citations: readonly Citation[];
  readonly calls: readonly Call[];
  readonly end: TurnEnd;
}

/** Passes on progress and reasoning, and returns the answer itself. */
export async function* holdAnswer(batches: AsyncIterable<Batch>): AsyncGenerator<Batch, HeldAnswer> {
  let text = '';
  const citations: Citation[] = [];
  const calls: Call[] = [];

  function hold(event: TurnEvent): boolean {
    if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'citation') citations.push(event);
    else if (isCall(event)) calls.push(event);
    else return event.type === 'turn-end';
    return true;
  }

  for await (const batch of batches) {
    const passed = batch.filter((event) => !hold(event));
    if (passed.length > 0) yield passed;
    const end = batch.at(-1);
    if (end?.type === 'turn-end') return { text, citations, calls, end };
  }
  throw new Error('the turn ended without a turn-end event');
}

/** Returns the events of a held answer. */
export function releaseAnswer({ text, citations, calls, end }: HeldAnswer): Batch {
  return [...(text === '' ? [] : [{ type: 'text-delta', text } as const]), ...citations, ...calls, end];
}

/** Returns true if the model has said all it wanted to, and nothing but text. */
export function isCompleteText({ calls, end }: HeldAnswer): boolean {
  return calls.length === 0 && end.reason === 'stop' && end.isComplete;
}
