import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { MessageItem, Part } from '../../conversation/item.ts';
import { decodeValue } from '../decode-body.ts';
import { decodePart, type PartKind } from './decode-part.ts';
import { ASSISTANT_FIELDS, checkFields, MESSAGE_FIELDS } from './fields.ts';
import { assistantContentSchema, contentSchema, messageSchema } from './schema.ts';
import { unsupported } from './unsupported.ts';

/** System counts as developer: the app-server would drop it in silence. */
const ROLES = { system: 'developer', developer: 'developer', user: 'user', assistant: 'assistant' } as const;

/** What OpenAI lets each role say. */
const PARTS: Readonly<Record<MessageItem['role'], readonly PartKind[]>> = {
  developer: ['text'],
  user: ['text', 'image_url'],
  assistant: ['text', 'refusal'],
};

export function decodeMessage(value: unknown, index: number): MessageItem {
  const place: JsonPath = ['messages', index];
  const path = formatPath(place);
  const asked = decodeValue(messageSchema, value, place).role;
  if (asked === 'tool' || asked === 'function') throw unsupported(`${path}.role`, `cannot be '${asked}'`);
  const role = ROLES[asked];
  const message = value as object;
  checkFields(message, role === 'assistant' ? ASSISTANT_FIELDS : MESSAGE_FIELDS, path);
  const parts = role === 'assistant' ? assistantParts(message, place) : requiredParts(message, role, place);
  return { type: 'message', role, parts, path };
}

function requiredParts(message: object, role: MessageItem['role'], place: JsonPath): Part[] {
  return decodeParts(decodeValue(contentSchema, message, place).content, role, place);
}

/** An assistant's earlier answer may be empty, or a refusal, which goes back to the model as the text it was. */
function assistantParts(message: object, place: JsonPath): Part[] {
  const { content, refusal } = decodeValue(assistantContentSchema, message, place);
  const parts = decodeParts(content ?? [], 'assistant', place);
  if (typeof refusal === 'string') parts.push({ type: 'text', text: refusal });
  return parts.length > 0 ? parts : [{ type: 'text', text: '' }];
}

function decodeParts(parts: readonly unknown[], role: MessageItem['role'], place: JsonPath): Part[] {
  return parts.map((part, index) => decodePart(part, [...place, 'content', index], PARTS[role]));
}
