import type { ToolCall } from '../../conversation/item.ts';
import type { TurnEvent } from '../../conversation/turn-event.ts';
import type { Usage } from '../../conversation/usage.ts';
import { createChunkFrames } from '../vocabulary/chunk-frames.ts';
import type { Writing } from '../vocabulary/envelope.ts';
import { firstOpen, streamLater, type FrameStream } from '../vocabulary/frame-stream.ts';
import type { SseFrame } from '../vocabulary/sse-frame.ts';
import type { ChatStyle } from './decode.ts';
import { encodeCitation } from './encode-citation.ts';
import { encodeCall, encodeLegacyCall } from './encode-call.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { createReasoningJoiner, type JoinReasoning } from './join-reasoning.ts';

/** How far one choice has come. */
interface Choice {
  begun: boolean;
  ended: boolean;
  calls: number;
  usage: Usage | null;
  readonly joinReasoning: JoinReasoning;
}

/** Writes an answer that may still have to begin. */
export function encodeChatStream(answer: Promise<Writing<TurnEvent>>, style: ChatStyle): FrameStream {
  return streamLater(answer, (writing) => openStream(writing, style));
}

function openStream({ envelope, serviceTier, events }: Writing<TurnEvent>, style: ChatStyle): FrameStream {
  const choices: Choice[] = [];
  const head = {
    id: envelope.id,
    object: 'chat.completion.chunk',
    created: envelope.created,
    model: envelope.model,
    service_tier: serviceTier,
  };
  const chunks = createChunkFrames(head, style.includeUsage);
  const chunk = (index: number, delta: object, finishReason: string | null = null) =>
    chunks.encode({ index, delta, finish_reason: finishReason, logprobs: null });

  function encodeEvent(event: TurnEvent, index: number, choice: Choice): SseFrame[] {
    switch (event.type) {
      case 'text-delta':
        return [chunk(index, { content: event.text })];
      case 'reasoning-delta':
        return [chunk(index, { reasoning_content: choice.joinReasoning(event) })];
      case 'citation':
        return [chunk(index, { annotations: [encodeCitation(event)] })];
      case 'tool-call':
        choice.calls += 1;
        return [chunk(index, encodeCallDelta(event, choice.calls - 1, style))];
      case 'turn-end':
        choice.usage = event.usage;
        choice.ended = true;
        return [chunk(index, {}, encodeFinishReason(event.reason, style.legacyCalls))];
      default:
        return [];
    }
  }

  async function* encode(): AsyncGenerator<SseFrame> {
    for await (const { index, value } of events) {
      const choice = (choices[index] ??= beginChoice());
      const frames = encodeEvent(value, index, choice);
      if (frames.length > 0 && !choice.begun) {
        choice.begun = true;
        // An answer that begins with a call has no text before it, and mostly none at all.
        const content = value.type === 'tool-call' ? null : '';
        yield chunk(index, { role: 'assistant', content, refusal: null });
      }
      yield* frames;
    }
    yield* chunks.encodeEnd(choices.map(({ usage }) => usage));
  }

  return { frames: encode(), heartbeat: () => [chunk(firstOpen(choices, style.n), {})] };
}

function beginChoice(): Choice {
  return { begun: false, ended: false, calls: 0, usage: null, joinReasoning: createReasoningJoiner() };
}

/** A call comes whole: id, type and name once, because some clients join what is repeated. */
function encodeCallDelta(call: ToolCall, index: number, style: ChatStyle): object {
  if (style.legacyCalls) return { function_call: encodeLegacyCall(call) };
  return { tool_calls: [{ index, ...encodeCall(call, style) }] };
}
