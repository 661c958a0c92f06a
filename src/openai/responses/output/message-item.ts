import type { JsonObject } from '../../../base/json.ts';
import type { MessagePhase } from '../../../conversation/item.ts';
import type { Citation } from '../../../conversation/turn-event.ts';
import type { EventDraft, OutputSlot } from './response-event.ts';

/** A message while its text arrives. It has one part. */
export interface OpenMessage {
  readonly type: 'message';
  readonly id: string;
  readonly outputIndex: number;
  readonly phase: MessagePhase | undefined;
  /** Index of its text in the text of the whole answer, to which citations refer. */
  readonly start: number;
  text: string;
  readonly annotations: JsonObject[];
}

interface MessageStart {
  readonly phase: MessagePhase | undefined;
  readonly start: number;
}

export function openMessage(
  { outputIndex, createId }: OutputSlot,
  { phase, start }: MessageStart,
): OpenMessage {
  return { type: 'message', id: createId('message'), outputIndex, phase, start, text: '', annotations: [] };
}

export function encodeMessage(
  message: OpenMessage,
  status: string,
  parts = [encodePart(message)],
): JsonObject {
  const { id, phase } = message;
  return { id, type: 'message', status, role: 'assistant', ...(phase && { phase }), content: parts };
}

export function beginMessage(message: OpenMessage): EventDraft[] {
  return [
    {
      type: 'response.output_item.added',
      output_index: message.outputIndex,
      item: encodeMessage(message, 'in_progress', []),
    },
    { type: 'response.content_part.added', ...pathOf(message), part: encodePart(message) },
  ];
}

export function appendText(message: OpenMessage, delta: string): EventDraft[] {
  message.text += delta;
  return [{ type: 'response.output_text.delta', ...pathOf(message), delta, logprobs: [] }];
}

/** Adds a citation, unless it refers to text of an earlier message or to text that was cut off. */
export function addCitation(message: OpenMessage, { url, title, start, end }: Citation): EventDraft[] {
  const { annotations } = message;
  if (start < message.start || end > message.start + message.text.length) return [];
  const annotation = {
    type: 'url_citation',
    url,
    title,
    start_index: start - message.start,
    end_index: end - message.start,
  };
  annotations.push(annotation);
  return [
    {
      type: 'response.output_text.annotation.added',
      ...pathOf(message),
      annotation_index: annotations.length - 1,
      annotation,
    },
  ];
}

export function endMessage(message: OpenMessage): EventDraft[] {
  const path = pathOf(message);
  return [
    { type: 'response.output_text.done', ...path, text: message.text, logprobs: [] },
    { type: 'response.content_part.done', ...path, part: encodePart(message) },
  ];
}

function encodePart({ text, annotations }: OpenMessage): JsonObject {
  return { type: 'output_text', text, annotations: [...annotations], logprobs: [] };
}

function pathOf({ id, outputIndex }: OpenMessage): JsonObject {
  return { item_id: id, output_index: outputIndex, content_index: 0 };
}
