import { GatewayError } from '../../base/errors.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import { encodeUsage } from './encode-usage.ts';
import type { Envelope } from './envelope.ts';
import { FINISH_REASONS } from './finish-reason.ts';

/** Characters of an answer that is held until it is whole. */
const MAX_ANSWER = 64 * 1024 * 1024;

/** Collects a turn into one `chat.completion` object. */
export async function encodeChatCompletion(
  events: AsyncIterable<TurnEvent>,
  envelope: Envelope,
): Promise<object> {
  const texts: string[] = [];
  let length = 0;
  for await (const event of events) {
    if (event.type === 'text-delta') {
      length += event.text.length;
      if (length > MAX_ANSWER) {
        throw new GatewayError(
          'answer_too_large',
          `The answer is over ${MAX_ANSWER} characters; stream it instead.`,
        );
      }
      texts.push(event.text);
    } else if (event.type === 'turn-end') {
      return complete(envelope, texts.join(''), event);
    }
  }
  throw new Error('the turn ended without a turn-end event');
}

function complete(
  envelope: Envelope,
  content: string,
  end: Extract<TurnEvent, { type: 'turn-end' }>,
): object {
  return {
    id: envelope.id,
    object: 'chat.completion',
    created: envelope.created,
    model: envelope.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, refusal: null, annotations: [] },
        finish_reason: FINISH_REASONS[end.reason],
        logprobs: null,
      },
    ],
    ...(end.usage && { usage: encodeUsage(end.usage) }),
  };
}
