import type { CompletionAnswer } from '../vocabulary/envelope.ts';
import type { FrameStream } from '../vocabulary/sse-frame.ts';
import { streamCompletion } from '../vocabulary/stream-completion.ts';
import type { ChatStyle } from './decode.ts';
import { createChatReducer, type ChatUpdate } from './reduce-events.ts';

/** Streams an answer, which may still have to begin, as `chat.completion.chunk` objects. */
export function encodeChatStream(answer: Promise<CompletionAnswer>, style: ChatStyle): FrameStream {
  const format = {
    encodeHead,
    createReducer: () => createChatReducer(style),
    encodeChoice,
    empty: { delta: {}, finishReason: null },
  };
  return streamCompletion(answer, format, style);
}

function encodeHead({ envelope, serviceTier }: CompletionAnswer): object {
  return {
    id: envelope.id,
    object: 'chat.completion.chunk',
    created: envelope.created,
    model: envelope.model,
    service_tier: serviceTier,
  };
}

function encodeChoice(index: number, { delta, finishReason }: ChatUpdate): object {
  return { index, delta, finish_reason: finishReason, logprobs: null };
}
