import type { StopReason, TurnEvent } from '../../conversation/turn-event.ts';
import type { Usage } from '../../conversation/usage.ts';
import { createChunkFrames } from '../vocabulary/chunk-frames.ts';
import type { Writing } from '../vocabulary/envelope.ts';
import { firstOpen, streamLater, type FrameStream } from '../vocabulary/frame-stream.ts';
import type { SseFrame } from '../vocabulary/sse-frame.ts';
import type { CompletionStyle } from './decode.ts';
import { encodeChoice } from './encode-choice.ts';

/** Writes an answer that may still have to begin. */
export function encodeCompletionStream(
  answer: Promise<Writing<TurnEvent>>,
  style: CompletionStyle,
): FrameStream {
  return streamLater(answer, (writing) => openStream(writing, style));
}

interface Ended {
  readonly ended: true;
  readonly usage: Usage | null;
}

function openStream(
  { envelope, events }: Writing<TurnEvent>,
  { includeUsage, answers }: CompletionStyle,
): FrameStream {
  const choices: Ended[] = [];
  const { id, created, model } = envelope;
  const head = { id, object: 'text_completion', created, model };
  const chunks = createChunkFrames(head, includeUsage);
  const chunk = (index: number, text: string, reason: StopReason | null = null) =>
    chunks.encode(encodeChoice(index, text, reason));

  async function* encode(): AsyncGenerator<SseFrame> {
    for await (const { index, value } of events) {
      if (value.type === 'text-delta') yield chunk(index, value.text);
      else if (value.type === 'turn-end') {
        choices[index] = { ended: true, usage: value.usage };
        yield chunk(index, '', value.reason);
      }
    }
    yield* chunks.encodeEnd(choices.map(({ usage }) => usage));
  }

  return { frames: encode(), heartbeat: () => [chunk(firstOpen(choices, answers), '')] };
}
