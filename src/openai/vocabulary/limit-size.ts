import { GatewayError } from '../../base/errors.ts';
import { MAX_ANSWER_CHARACTERS, sizeOf, type TurnEvent } from '../../conversation/turn-event.ts';

/** Passes on the events of an answer that is kept in memory until it is complete; throws, with advice, if it becomes too large. */
export async function* limitSize<T extends { readonly value: TurnEvent }>(
  events: AsyncIterable<T>,
  advice = 'stream it instead',
): AsyncGenerator<T> {
  let size = 0;
  for await (const event of events) {
    size += sizeOf(event.value);
    if (size > MAX_ANSWER_CHARACTERS) {
      throw new GatewayError(
        'answer_too_large',
        `The answer is over ${MAX_ANSWER_CHARACTERS} characters; ${advice}.`,
      );
    }
    yield event;
  }
}
