import type { TurnEvent } from '../../conversation/turn-event.ts';
import { createChoices, encodeFinishReason } from '../vocabulary/choices.ts';
import type { CompletionAnswer } from '../vocabulary/envelope.ts';
import type { FrameStream } from '../vocabulary/sse-frame.ts';
import { limitSize } from '../vocabulary/limit-size.ts';
import { streamCompletion } from '../vocabulary/stream-completion.ts';
import type { CompletionStyle } from './decode.ts';

/** The addition of one event to a choice. */
interface TextUpdate {
  readonly text: string;
  readonly finishReason: string | null;
}

function encodeUpdates(event: TurnEvent): TextUpdate[] {
  if (event.type === 'text-delta') return [{ text: event.text, finishReason: null }];
  if (event.type !== 'turn-end') return [];
  // A text completion offers no tools to call.
  return [{ text: '', finishReason: encodeFinishReason(event.reason, 'stop') }];
}

/** Collects an answer into one `text_completion` object. */
export async function encodeCompletion(answer: CompletionAnswer): Promise<object> {
  const choices = createChoices(() => ({ text: '', finishReason: null as string | null }));
  const checkSize = limitSize();
  for await (const { index, events } of answer.events) {
    checkSize(events);
    const choice = choices.advance(index, events);
    for (const { text, finishReason } of events.flatMap(encodeUpdates)) {
      choice.text += text;
      choice.finishReason ??= finishReason;
    }
  }
  const usage = choices.encodeUsage();
  return {
    ...encodeHead(answer),
    choices: choices.complete().map((choice, index) => encodeChoice(index, choice)),
    ...(usage && { usage }),
  };
}

/** Streams an answer, which may still have to begin. */
export function encodeCompletionStream(
  answer: Promise<CompletionAnswer>,
  style: CompletionStyle,
): FrameStream {
  const format = {
    encodeHead,
    createEncoder: () => encodeUpdates,
    encodeChoice,
    empty: { text: '', finishReason: null },
  };
  return streamCompletion(answer, format, style);
}

function encodeHead({ envelope: { id, created, model } }: CompletionAnswer): object {
  return { id, object: 'text_completion', created, model };
}

/** Encodes a `CompletionChoice`, complete or a piece of one. */
function encodeChoice(index: number, { text, finishReason }: TextUpdate): object {
  return { text, index, logprobs: null, finish_reason: finishReason };
}
