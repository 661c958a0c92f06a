import type { StopReason, TurnEvent } from '../../conversation/turn-event.ts';
import type { Usage } from '../../conversation/usage.ts';
import { totalUsage } from '../encode-usage.ts';
import type { Writing } from '../envelope.ts';
import { firstOpen, streamLater, type FrameStream } from '../frame-stream.ts';
import { DONE, jsonFrame, type SseFrame } from '../sse-frame.ts';
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
  // With `include_usage` every chunk has the key; without, none has.
  const usageKey = includeUsage ? { usage: null } : {};
  const chunk = (index: number, text: string, reason: StopReason | null = null) =>
    jsonFrame({ ...head, choices: [encodeChoice(index, text, reason)], ...usageKey });

  async function* encode(): AsyncGenerator<SseFrame> {
    for await (const { index, value } of events) {
      if (value.type === 'text-delta') yield chunk(index, value.text);
      else if (value.type === 'turn-end') {
        choices[index] = { ended: true, usage: value.usage };
        yield chunk(index, '', value.reason);
      }
    }
    const usage = includeUsage ? totalUsage(choices.map((choice) => choice.usage)) : undefined;
    if (usage) yield jsonFrame({ ...head, choices: [], usage });
    yield DONE;
  }

  return { frames: encode(), heartbeat: () => [chunk(firstOpen(choices, answers), '')] };
}
