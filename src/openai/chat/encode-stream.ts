import type { CompletionAnswer } from '../vocabulary/envelope.ts';
import type { FrameStream } from '../vocabulary/sse-frame.ts';
import { streamCompletion } from '../vocabulary/stream-completion.ts';
import type { ChatStyle } from './decode.ts';
import { createChatUpdateEncoder, type ChatUpdate } from './encode-updates.ts';

/** Streams an answer, which may still have to begin, as `chat.completion.chunk` objects. */
export function encodeChatStream(answer: Promise<CompletionAnswer>, style: ChatStyle): FrameStream {
  const format = {
    encodeHead,
    createEncoder: () => createChatUpdateEncoder(style),
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
