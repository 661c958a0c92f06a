import type { Item } from '../../conversation/item.ts';
import type { Compatibility } from '../compatibility.ts';
import { decodeValue } from '../decode-body.ts';
import { decodeMessage } from './decode-message.ts';
import { messagesSchema } from './schema.ts';

/** Decodes a whole conversation. */
export function decodeMessages(body: object, compatibility: Compatibility): Item[] {
  const { messages } = decodeValue(messagesSchema, body, []);
  return messages.flatMap((_, index) => decodeMessage(messages, index, compatibility));
}
