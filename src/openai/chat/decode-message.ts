import type { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { MessageItem, TextPart } from '../../conversation/item.ts';
import { decodeValue } from '../decode-body.ts';
import { checkFields, MESSAGE_FIELDS, PART_FIELDS } from './fields.ts';
import {
  assistantContentSchema,
  contentSchema,
  refusalPartSchema,
  textPartSchema,
  type chatRequestSchema,
} from './schema.ts';

type Message = z.output<typeof chatRequestSchema>['messages'][number];
type Part = z.output<typeof contentSchema>['content'][number];

/** System counts as developer: the app-server would drop it in silence. */
const ROLES = { system: 'developer', developer: 'developer', user: 'user', assistant: 'assistant' } as const;

export function decodeMessage(message: Message, index: number): MessageItem {
  const place: JsonPath = ['messages', index];
  const path = formatPath(place);
  if (message.role === 'tool' || message.role === 'function') {
    const param = `${path}.role`;
    throw new GatewayError(
      'unsupported_parameter',
      `Unsupported parameter: '${param}' cannot be '${message.role}'.`,
      {
        param,
      },
    );
  }
  checkFields(message, MESSAGE_FIELDS, path);
  const role = ROLES[message.role];
  const parts = role === 'assistant' ? assistantParts(message, place) : requiredParts(message, place);
  return { type: 'message', role, parts, path };
}

function requiredParts(message: Message, place: JsonPath): TextPart[] {
  const { content } = decodeValue(contentSchema, message, place);
  return content.map((part, index) => decodePart(part, [...place, 'content', index]));
}

/** An assistant's earlier answer may be empty, or a refusal, which goes back to the model as the text it was. */
function assistantParts(message: Message, place: JsonPath): TextPart[] {
  const { content, refusal } = decodeValue(assistantContentSchema, message, place);
  const parts = (content ?? []).map((part, index) => decodePart(part, [...place, 'content', index]));
  if (typeof refusal === 'string') parts.push({ type: 'text', text: refusal });
  return parts.length > 0 ? parts : [{ type: 'text', text: '' }];
}

function decodePart(part: Part, place: JsonPath): TextPart {
  const path = formatPath(place);
  if (part.type === 'text') {
    checkFields(part, PART_FIELDS, path);
    return { type: 'text', text: decodeValue(textPartSchema, part, place).text };
  }
  if (part.type === 'refusal')
    return { type: 'text', text: decodeValue(refusalPartSchema, part, place).refusal };
  throw new GatewayError(
    'unsupported_parameter',
    `Unsupported parameter: '${path}' is a part of type '${part.type}'; only text is supported.`,
    { param: path },
  );
}
