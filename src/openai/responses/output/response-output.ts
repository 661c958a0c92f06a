import type { JsonObject } from '../../../base/json.ts';
import type { MessagePhase } from '../../../conversation/item.ts';
import type { AnswerEvent, ReasoningDelta, ReasoningEnd } from '../../../conversation/turn-event.ts';
import { applyInclude } from '../../items/apply-include.ts';
import { idPrefixOf } from '../../items/item-kinds.ts';
import { encodeCallItem } from './call-item.ts';
import {
  addCitation,
  appendText,
  beginMessage,
  encodeMessage,
  endMessage,
  openMessage,
  type OpenMessage,
} from './message-item.ts';
import { encodePassthroughItem } from './passthrough-item.ts';
import {
  appendSummary,
  beginReasoning,
  encodeReasoning,
  endReasoning,
  openReasoning,
  type OpenReasoning,
} from './reasoning-item.ts';
import type { EventDraft, ItemStatus, OutputSlot, WholeItem } from './response-event.ts';

// The order of the events of the output: items follow one another, and each ends before the next begins.
//
//   response.output_item.added
//     message:     content_part.added, output_text.delta …, output_text.annotation.added …, output_text.done, content_part.done
//     reasoning:   for each paragraph reasoning_summary_part.added, reasoning_summary_text.delta …, ….done, ….done
//     call:        function_call_arguments.delta, function_call_arguments.done; the same for custom_tool_call_input
//     web search:  web_search_call.in_progress, web_search_call.searching, web_search_call.completed
//   response.output_item.done

/** The output of a response while it is written. */
export interface ResponseOutput {
  readonly options: OutputOptions;
  /** Items that have ended, complete with what `include` hides. */
  readonly items: JsonObject[];
  /** The ids of those items. */
  readonly ids: Set<unknown>;
  /** The item that is being written. */
  open: OpenMessage | OpenReasoning | undefined;
  /** Phase of the next message. */
  nextPhase: MessagePhase | undefined;
  /** Length of the text of the whole answer so far. */
  textLength: number;
}

interface OutputOptions {
  readonly responseId: string;
  /** Values of `include`. */
  readonly include: ReadonlySet<string>;
  /** Names of functions whose calls become calls of custom tools. */
  readonly customTools: ReadonlySet<string>;
}

export function createResponseOutput(options: OutputOptions): ResponseOutput {
  return { options, items: [], ids: new Set(), open: undefined, nextPhase: undefined, textLength: 0 };
}

/** Returns all items so far, complete with what `include` hides; the open one is incomplete. */
export function outputItems({ items, open }: ResponseOutput): readonly JsonObject[] {
  return open ? [...items, encodeOpenItem(open, 'incomplete')] : [...items];
}

/** Takes an event of the answer into the output, and returns the events that report it. */
export function writeOutput(output: ResponseOutput, event: AnswerEvent): EventDraft[] {
  switch (event.type) {
    case 'message-start':
      output.nextPhase = event.phase;
      return output.open?.type === 'message' ? closeItem(output, 'completed') : [];
    case 'text-delta':
      return writeText(output, event.text);
    case 'citation':
      return output.open?.type === 'message' ? addCitation(output.open, event) : [];
    case 'reasoning-delta':
      return writeSummary(output, event);
    case 'reasoning-end':
      return finishReasoning(output, event);
    case 'tool-call':
      return writeWhole(output, (slot) => encodeCallItem(event, slot, output.options.customTools));
    case 'passthrough-item':
      return writeWhole(output, (slot) => encodePassthroughItem(event.item, slot, output.ids));
    default:
      return [];
  }
}

/** Ends the item that is open, if there is one. */
export function closeItem(output: ResponseOutput, status: ItemStatus): EventDraft[] {
  const { open } = output;
  if (open === undefined) return [];
  output.open = undefined;
  const events = open.type === 'message' ? endMessage(open) : endReasoning(open);
  return [...events, finishItem(output, encodeOpenItem(open, status))];
}

/** Begins a message with its first text, so that no message is empty. */
function writeText(output: ResponseOutput, text: string): EventDraft[] {
  if (text === '') return [];
  const { open, nextPhase, textLength } = output;
  output.textLength += text.length;
  if (open?.type === 'message') return appendText(open, text);
  const before = closeItem(output, 'completed');
  const message = openMessage(nextSlot(output), { phase: nextPhase, start: textLength });
  output.open = message;
  return [...before, ...beginMessage(message), ...appendText(message, text)];
}

function writeSummary(output: ResponseOutput, { id, text, paragraph }: ReasoningDelta): EventDraft[] {
  if (text === '') return [];
  const [reasoning, before] = reasoningOf(output, id);
  return [...before, ...appendSummary(reasoning, text, paragraph)];
}

/** Ends reasoning with its sealed content, which belongs to the open reasoning if it has no id. */
function finishReasoning(output: ResponseOutput, { id, encrypted }: ReasoningEnd): EventDraft[] {
  const openId = output.open?.type === 'reasoning' ? output.open.providerId : undefined;
  const [reasoning, before] = reasoningOf(output, id ?? openId);
  reasoning.encrypted = encrypted;
  return [...before, ...closeItem(output, 'completed')];
}

/** Returns the open reasoning if it has the provider's id, or begins another one. */
function reasoningOf(
  output: ResponseOutput,
  providerId: string | undefined,
): readonly [OpenReasoning, EventDraft[]] {
  const { open } = output;
  if (open?.type === 'reasoning' && open.providerId === providerId) return [open, []];
  const before = closeItem(output, 'completed');
  const reasoning = openReasoning(nextSlot(output), providerId, output.ids);
  output.open = reasoning;
  return [reasoning, [...before, ...beginReasoning(reasoning)]];
}

function writeWhole(output: ResponseOutput, encode: (slot: OutputSlot) => WholeItem): EventDraft[] {
  const before = closeItem(output, 'completed');
  const slot = nextSlot(output);
  const { begun, events, done } = encode(slot);
  return [
    ...before,
    { type: 'response.output_item.added', output_index: slot.outputIndex, item: begun },
    ...events,
    finishItem(output, done),
  ];
}

function finishItem({ items, ids, options }: ResponseOutput, item: JsonObject): EventDraft {
  items.push(item);
  ids.add(item.id);
  const shown = applyInclude(item, options.include);
  return { type: 'response.output_item.done', output_index: items.length - 1, item: shown };
}

/** Returns the place of the next item. */
function nextSlot({ items, options }: ResponseOutput): OutputSlot {
  const outputIndex = items.length;
  const suffix = `${options.responseId.replace('resp_', '')}${outputIndex.toString(16).padStart(4, '0')}`;
  return { outputIndex, createId: (type) => `${idPrefixOf(type)}${suffix}` };
}

function encodeOpenItem(item: OpenMessage | OpenReasoning, status: ItemStatus): JsonObject {
  return item.type === 'message' ? encodeMessage(item, status) : encodeReasoning(item, status);
}
