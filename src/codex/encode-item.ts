import type { ContentItem } from '../../generated/ContentItem.js';
import type { ResponseItem } from '../../generated/ResponseItem.js';
import type { Item, Part } from '../conversation/item.ts';

type Message = Extract<ResponseItem, { type: 'message' }>;

/** A conversation item as `thread/inject_items` takes it: a raw Responses API item. */
export function encodeItem({ role, parts }: Item): Pick<Message, 'type' | 'role' | 'content'> {
  const textType = role === 'assistant' ? 'output_text' : 'input_text';
  return { type: 'message', role, content: parts.map((part) => encodePart(part, textType)) };
}

function encodePart(part: Part, textType: 'input_text' | 'output_text'): ContentItem {
  if (part.type === 'text') return { type: textType, text: part.text };
  return { type: 'input_image', image_url: part.url, detail: 'original' };
}
