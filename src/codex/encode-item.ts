import type { ContentItem } from '../../generated/ContentItem.js';
import type { FunctionCallOutputContentItem } from '../../generated/FunctionCallOutputContentItem.js';
import type { ResponseItem } from '../../generated/ResponseItem.js';
import {
  partsOf,
  type Item,
  type MessageItem,
  type Part,
  type ToolResultItem,
} from '../conversation/item.ts';

/** A conversation item as `thread/inject_items` takes it: a raw Responses API item. */
export function encodeItem(item: Item, toCodexName: (name: string) => string): ResponseItem {
  switch (item.type) {
    case 'message':
      return encodeMessage(item);
    case 'tool-call':
      return {
        type: 'function_call',
        name: toCodexName(item.name),
        arguments: item.arguments,
        call_id: item.callId,
      };
    case 'tool-result':
      return { type: 'function_call_output', call_id: item.callId, output: encodeOutput(item) };
  }
}

function encodeMessage({ role, parts }: MessageItem): ResponseItem {
  const textType = role === 'assistant' ? 'output_text' : 'input_text';
  return {
    type: 'message',
    role,
    content: parts.map((part) =>
      part.type === 'text' ? { type: textType, text: part.text } : encodeInput(part),
    ),
  };
}

/** A result of one text is that text, as most clients write it, and one that says nothing an empty one. */
function encodeOutput(item: ToolResultItem): string | FunctionCallOutputContentItem[] {
  const parts = sentParts(item);
  const [first, ...more] = parts;
  if (first === undefined) return '';
  return first.type === 'text' && more.length === 0 ? first.text : parts.map(encodeInput);
}

/** The parts of an item that go to Codex, which drops empty texts of a result. */
export function sentParts(item: Item): readonly Part[] {
  if (item.type !== 'tool-result') return partsOf(item);
  return item.parts.filter((part) => part.type !== 'text' || part.text !== '');
}

function encodeInput(part: Part): ContentItem & FunctionCallOutputContentItem {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  return { type: 'input_image', image_url: part.url, detail: 'original' };
}
