import type { TurnEvent } from '../../conversation/turn-event.ts';

/**
 * What a model says of its work on the way to its answer is text like any other, but where the text must be JSON: there it
 * goes to what the model thinks.
 */
export async function* placeCommentary(
  events: AsyncIterable<TurnEvent>,
  isText: boolean,
): AsyncGenerator<TurnEvent> {
  /** Characters that are no part of the text. */
  let moved = 0;
  let isMoved = false;
  for await (const event of events) {
    if (event.type === 'message-start') isMoved = !isText && event.phase === 'commentary';
    if (event.type === 'commentary-delta') {
      if (!isText) moved += event.text.length;
      yield isText
        ? { type: 'text-delta', text: event.text }
        : { type: 'reasoning-delta', text: event.text, paragraph: 'commentary' };
    } else if (event.type !== 'citation') yield event;
    else if (!isMoved) yield { ...event, start: event.start - moved, end: event.end - moved };
  }
}
