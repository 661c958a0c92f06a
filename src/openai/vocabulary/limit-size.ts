import { GatewayError } from '../../base/errors.ts';
import { MAX_ANSWER_CHARACTERS, sizeOfAll, type TurnEvent } from '../../conversation/turn-event.ts';

/**
 * Returns a function that counts the events of an answer that is kept in memory until it is complete; it throws, with advice,
 * when the answer becomes too large.
 */
export function limitSize(advice = 'stream it instead'): (events: readonly TurnEvent[]) => void {
  let size = 0;
  return (events) => {
    size += sizeOfAll(events);
    if (size <= MAX_ANSWER_CHARACTERS) return;
    throw new GatewayError(
      'answer_too_large',
      `The answer is over ${MAX_ANSWER_CHARACTERS} characters; ${advice}.`,
    );
  };
}
