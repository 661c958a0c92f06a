import type { ContentItem } from '../../generated/ContentItem.js';
import type { ResponseItem } from '../../generated/ResponseItem.js';
import type { Item } from '../conversation/item.ts';

/** A conversation item as `thread/inject_items` takes it: a raw Responses API item. */
export function encodeItem(
  item: Item,
): Pick<Extract<ResponseItem, { type: 'message' }>, 'type' | 'role' | 'content'> {
  const type = item.role === 'assistant' ? 'output_text' : 'input_text';
  return {
    type: 'message',
    role: item.role,
    content: item.parts.map(({ text }): ContentItem => ({ type, text })),
  };
}
