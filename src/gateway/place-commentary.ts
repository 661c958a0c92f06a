import type { TurnEvent } from '../conversation/turn-event.ts';

/**
 * What a model says of its work on the way to its answer is text like any other, but where the text must be JSON: there it
 * goes to what the model thinks.
 */
export async function* placeCommentary(
  events: AsyncIterable<TurnEvent>,
  isText: boolean,
): AsyncGenerator<TurnEvent> {
  const type = isText ? 'text-delta' : 'reasoning-delta';
  for await (const event of events) {
    yield event.type === 'commentary-delta' ? { type, text: event.text } : event;
  }
}
