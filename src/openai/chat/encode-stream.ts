import type { TurnEvent } from '../../conversation/turn-event.ts';
import { DONE, jsonFrame, type SseFrame } from '../sse-frame.ts';
import { encodeUsage } from './encode-usage.ts';
import type { Envelope } from './envelope.ts';
import { FINISH_REASONS } from './finish-reason.ts';

/** A chat completion as server-sent events. */
export interface ChatStream {
  readonly frames: AsyncIterable<SseFrame>;
  /** A chunk without content, which clients that time the gaps between chunks take as a sign of life. */
  heartbeat(): SseFrame;
}

export function encodeChatStream(
  events: AsyncIterable<TurnEvent>,
  envelope: Envelope,
  includeUsage: boolean,
): ChatStream {
  // With `include_usage` every chunk has the key; without, none has.
  const usageKey = includeUsage ? { usage: null } : {};
  const chunk = (delta: object, finishReason: string | null = null) =>
    jsonFrame({
      id: envelope.id,
      object: 'chat.completion.chunk',
      created: envelope.created,
      model: envelope.model,
      choices: [{ index: 0, delta, finish_reason: finishReason, logprobs: null }],
      ...usageKey,
    });

  async function* encode(): AsyncGenerator<SseFrame> {
    let begun = false;
    for await (const event of events) {
      if (event.type === 'turn-start' || event.type === 'progress') continue;
      if (!begun) yield chunk({ role: 'assistant', content: '', refusal: null });
      begun = true;
      if (event.type === 'text-delta') yield chunk({ content: event.text });
      else {
        yield chunk({}, FINISH_REASONS[event.reason]);
        if (includeUsage && event.usage) {
          const usage = encodeUsage(event.usage);
          yield jsonFrame({ ...envelope, object: 'chat.completion.chunk', choices: [], usage });
        }
      }
    }
    yield DONE;
  }

  return { frames: encode(), heartbeat: () => chunk({}) };
}
