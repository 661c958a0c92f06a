import {
  isCall,
  type Call,
  type Citation,
  type TurnEnd,
  type TurnEvent,
} from '../../conversation/turn-event.ts';

/** An answer that was kept back until it was complete. */
export interface HeldAnswer {
  readonly text: string;
  /** They hold for this text alone. */
  readonly citations: readonly Citation[];
  readonly calls: readonly Call[];
  readonly end: TurnEnd;
}

/** Passes on what says nothing of the answer itself, and returns the answer. */
export async function* holdAnswer(events: AsyncIterable<TurnEvent>): AsyncGenerator<TurnEvent, HeldAnswer> {
  let text = '';
  const citations: Citation[] = [];
  const calls: Call[] = [];
  for await (const event of events) {
    if (event.type === 'text-delta') text += event.text;
    else if (event.type === 'citation') citations.push(event);
    else if (isCall(event)) calls.push(event);
    else if (event.type === 'turn-end') return { text, citations, calls, end: event };
    else yield event;
  }
  throw new Error('the turn ended without a turn-end event');
}

/** The events that were kept back. */
export function* release({ text, citations, calls, end }: HeldAnswer): Generator<TurnEvent> {
  if (text !== '') yield { type: 'text-delta', text };
  yield* citations;
  yield* calls;
  yield end;
}
