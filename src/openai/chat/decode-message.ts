import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { MessageItem, TextPart } from '../../conversation/item.ts';
import { decodeValue } from '../decode-body.ts';
import {
  ASSISTANT_FIELDS,
  checkFields,
  MESSAGE_FIELDS,
  REFUSAL_PART_FIELDS,
  TEXT_PART_FIELDS,
} from './fields.ts';
import {
  assistantContentSchema,
  contentSchema,
  messageSchema,
  partSchema,
  refusalPartSchema,
  textPartSchema,
} from './schema.ts';

/** System counts as developer: the app-server would drop it in silence. */
const ROLES = { system: 'developer', developer: 'developer', user: 'user', assistant: 'assistant' } as const;

export function decodeMessage(value: unknown, index: number): MessageItem {
  const place: JsonPath = ['messages', index];
  const path = formatPath(place);
  const asked = decodeValue(messageSchema, value, place).role;
  if (asked === 'tool' || asked === 'function') throw unsupported(`${path}.role`, `cannot be '${asked}'`);
  const role = ROLES[asked];
  const message = value as object;
  checkFields(message, role === 'assistant' ? ASSISTANT_FIELDS : MESSAGE_FIELDS, path);
  const parts = role === 'assistant' ? assistantParts(message, place) : requiredParts(message, place);
  return { type: 'message', role, parts, path };
}

function requiredParts(message: object, place: JsonPath): TextPart[] {
  return decodeParts(decodeValue(contentSchema, message, place).content, place);
}

/** An assistant's earlier answer may be empty, or a refusal, which goes back to the model as the text it was. */
function assistantParts(message: object, place: JsonPath): TextPart[] {
  const { content, refusal } = decodeValue(assistantContentSchema, message, place);
  const parts = decodeParts(content ?? [], place);
  if (typeof refusal === 'string') parts.push({ type: 'text', text: refusal });
  return parts.length > 0 ? parts : [{ type: 'text', text: '' }];
}

function decodeParts(parts: readonly unknown[], place: JsonPath): TextPart[] {
  return parts.map((part, index) => decodePart(part, [...place, 'content', index]));
}

function decodePart(value: unknown, place: JsonPath): TextPart {
  const path = formatPath(place);
  const { type } = decodeValue(partSchema, value, place);
  const part = value as object;
  if (type === 'text') {
    checkFields(part, TEXT_PART_FIELDS, path);
    return { type: 'text', text: decodeValue(textPartSchema, part, place).text };
  }
  if (type === 'refusal') {
    checkFields(part, REFUSAL_PART_FIELDS, path);
    return { type: 'text', text: decodeValue(refusalPartSchema, part, place).refusal };
  }
  throw unsupported(path, `is a part of type '${excerpt(type)}'; only text is supported`);
}

function unsupported(param: string, why: string): GatewayError {
  return new GatewayError('unsupported_parameter', `Unsupported parameter: '${param}' ${why}.`, { param });
}
