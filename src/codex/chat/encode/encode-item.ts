import type { ContentItem } from '../../../../generated/ContentItem.js';
import type { FunctionCallOutputContentItem } from '../../../../generated/FunctionCallOutputContentItem.js';
import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import type { DynamicToolCallResponse } from '../../../../generated/v2/DynamicToolCallResponse.js';
import type { JsonObject } from '../../../base/json.ts';
import {
  partsOf,
  type Item,
  type MessageItem,
  type Part,
  type ToolCallItem,
  type ToolResultItem,
} from '../../../conversation/item.ts';
import { withExponents } from './large-numbers.ts';

/** Encodes passthrough tools as an item of the conversation: the only way in which Codex leaves them unchanged. */
export function encodePassthroughTools(tools: readonly JsonObject[]): ResponseItem {
  return { type: 'additional_tools', role: 'developer', tools: tools.map(withExponents) };
}

/** Encodes a conversation item for `thread/inject_items`: a raw Responses API item. */
export function encodeItem(item: Item, toCodexName: (name: string) => string): ResponseItem {
  switch (item.type) {
    case 'message':
      return encodeMessage(item);
    case 'tool-call':
      return encodeCall(item, toCodexName);
    case 'tool-result':
      return item.custom
        ? { type: 'custom_tool_call_output', call_id: item.callId, output: encodeOutput(item) }
        : { type: 'function_call_output', call_id: item.callId, output: encodeOutput(item) };
    case 'passthrough':
      // It is sent upstream unchanged.
      return withExponents(item.item) as ResponseItem;
  }
}

function encodeCall(call: ToolCallItem, toCodexName: (name: string) => string): ResponseItem {
  const { callId, name, arguments: args, custom, namespace } = call;
  const group = namespace === undefined ? {} : { namespace };
  if (custom) return { type: 'custom_tool_call', call_id: callId, name, ...group, input: args };
  // A tool with a namespace is a passthrough tool, which keeps its name.
  const codexName = namespace === undefined ? toCodexName(name) : name;
  return { type: 'function_call', name: codexName, ...group, arguments: args, call_id: callId };
}

function encodeMessage({ role, parts, phase }: MessageItem): ResponseItem {
  const textType = role === 'assistant' ? 'output_text' : 'input_text';
  return {
    type: 'message',
    role,
    content: parts.map((part) =>
      part.type === 'text' ? { type: textType, text: part.text } : encodeInput(part),
    ),
    ...(phase && { phase }),
  };
}

/** Encodes a result of one text as that text, as most clients write it, and a result without parts as an empty text. */
function encodeOutput(item: ToolResultItem): string | FunctionCallOutputContentItem[] {
  const parts = sentParts(item);
  const [first, ...more] = parts;
  if (first === undefined) return '';
  return first.type === 'text' && more.length === 0 ? first.text : parts.map(encodeInput);
}

/** Encodes a result of texts as the answer to a call that waits: Codex makes the same output of it. */
export function encodeCallAnswer(item: ToolResultItem): DynamicToolCallResponse {
  const texts = sentParts(item).map((part) => (part.type === 'text' ? part.text : ''));
  const contentItems = (texts.length > 0 ? texts : ['']).map((text) => ({
    type: 'inputText' as const,
    text,
  }));
  return { contentItems, success: true };
}

/** Returns the parts of an item that reach the model. Codex drops empty texts of a result. */
export function sentParts(item: Item): readonly Part[] {
  if (item.type !== 'tool-result') return partsOf(item);
  return item.parts.filter((part) => part.type !== 'text' || part.text !== '');
}

function encodeInput(part: Part): ContentItem & FunctionCallOutputContentItem {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  return { type: 'input_image', image_url: part.url, detail: 'original' };
}
