import type { JsonObject } from '../../../base/json.ts';
import type { EventDraft, OutputSlot } from './response-event.ts';

/** The model's reasoning while its summary arrives: a part for each paragraph, and the content that the provider sealed. */
export interface OpenReasoning {
  readonly type: 'reasoning';
  readonly id: string;
  /** The id that the provider gave it, even if another item has the same. */
  readonly providerId: string | undefined;
  readonly outputIndex: number;
  readonly parts: string[];
  /** Key of the paragraph that is being written. */
  paragraph: string | undefined;
  encrypted: string | undefined;
}

/** Opens reasoning under the provider's id, by which the provider recognizes its sealed content, if no other item has it. */
export function openReasoning(
  { outputIndex, createId }: OutputSlot,
  providerId: string | undefined,
  takenIds: ReadonlySet<unknown>,
): OpenReasoning {
  const id = providerId !== undefined && !takenIds.has(providerId) ? providerId : createId('reasoning');
  return {
    type: 'reasoning',
    id,
    providerId,
    outputIndex,
    parts: [],
    paragraph: undefined,
    encrypted: undefined,
  };
}

export function encodeReasoning({ id, parts, encrypted }: OpenReasoning, status: string): JsonObject {
  return {
    id,
    type: 'reasoning',
    status,
    summary: parts.map(encodePart),
    ...(encrypted !== undefined && { encrypted_content: encrypted }),
  };
}

export function beginReasoning(reasoning: OpenReasoning): EventDraft[] {
  return [
    {
      type: 'response.output_item.added',
      output_index: reasoning.outputIndex,
      item: encodeReasoning(reasoning, 'in_progress'),
    },
  ];
}

/** Appends to the summary. Text of another paragraph begins a new part. */
export function appendSummary(reasoning: OpenReasoning, delta: string, paragraph: string): EventDraft[] {
  const before = reasoning.paragraph === paragraph ? [] : beginPart(reasoning, paragraph);
  const index = reasoning.parts.length - 1;
  reasoning.parts[index] += delta;
  return [...before, { type: 'response.reasoning_summary_text.delta', ...pathOf(reasoning), delta }];
}

/** Ends the part that is being written, if there is one. */
export function endReasoning(reasoning: OpenReasoning): EventDraft[] {
  if (reasoning.paragraph === undefined) return [];
  reasoning.paragraph = undefined;
  const text = reasoning.parts.at(-1) ?? '';
  const path = pathOf(reasoning);
  return [
    { type: 'response.reasoning_summary_text.done', ...path, text },
    { type: 'response.reasoning_summary_part.done', ...path, part: encodePart(text) },
  ];
}

function beginPart(reasoning: OpenReasoning, paragraph: string): EventDraft[] {
  const before = endReasoning(reasoning);
  reasoning.paragraph = paragraph;
  reasoning.parts.push('');
  return [
    ...before,
    { type: 'response.reasoning_summary_part.added', ...pathOf(reasoning), part: encodePart('') },
  ];
}

function encodePart(text: string): JsonObject {
  return { type: 'summary_text', text };
}

/** Returns the fields by which an event names the current part. */
function pathOf({ id, outputIndex, parts }: OpenReasoning): JsonObject {
  return { item_id: id, output_index: outputIndex, summary_index: parts.length - 1 };
}
