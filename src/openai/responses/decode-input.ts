import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Item, MessageItem } from '../../conversation/item.ts';
import type { Compatibility } from '../compatibility.ts';
import { encodeCustomInput } from '../custom-input.ts';
import { decodeValue } from '../decode-body.ts';
import { checkFields } from '../fields.ts';
import { unsupported, unsupportedField } from '../refusals.ts';
import { decodeContent, type PartKind } from './decode-content.ts';
import { ITEM_FIELDS } from './fields.ts';
import {
  callSchema,
  customCallSchema,
  inputSchema,
  itemSchema,
  messageSchema,
  outputSchema,
} from './schema.ts';

type Decode = (item: unknown, place: JsonPath, compatibility: Compatibility) => Item[];

/** `type` of an input item, as far as it is supported. */
type ItemKind = keyof typeof ITEM_FIELDS;

const DECODERS: Readonly<Record<ItemKind, Decode>> = {
  message: decodeMessage,
  function_call: decodeCall,
  function_call_output: decodeOutput,
  custom_tool_call: decodeCustomCall,
  custom_tool_call_output: decodeOutput,
  reasoning(_item, place, compatibility) {
    compatibility.ignore(place, () => unsupportedField(place));
    return [];
  },
};

const ROLES = { system: 'developer', developer: 'developer', user: 'user', assistant: 'assistant' } as const;

const TEXTS: readonly PartKind[] = ['input_text', 'output_text', 'text'];

/** The same as a chat's messages may hold. Clients mix up the names of a text. */
const PARTS: Readonly<Record<keyof typeof ROLES | 'output', readonly PartKind[]>> = {
  system: TEXTS,
  developer: TEXTS,
  user: [...TEXTS, 'input_image', 'input_file'],
  assistant: [...TEXTS, 'refusal'],
  output: [...TEXTS, 'input_image'],
};

/** `input`, and `instructions` before it. */
export function decodeInput(body: object, compatibility: Compatibility): Item[] {
  const { instructions, input } = decodeValue(inputSchema, body, []);
  const first = instructions ? [createMessage('developer', instructions, 'instructions')] : [];
  if (typeof input === 'string') return [...first, createMessage('user', input, 'input')];
  return [...first, ...input.flatMap((item, index) => decodeItem(item, ['input', index], compatibility))];
}

function createMessage(role: MessageItem['role'], text: string, path: string): MessageItem {
  return { type: 'message', role, parts: [{ type: 'text', text }], path };
}

function decodeItem(item: unknown, place: JsonPath, compatibility: Compatibility): Item[] {
  const type = decodeValue(itemSchema, item, place).type ?? 'message';
  if (!isKnown(type)) {
    const known = Object.keys(ITEM_FIELDS).join(', ');
    throw unsupported(formatPath(place), `is an item of type '${excerpt(type)}'; supported: ${known}`);
  }
  checkFields(item as object, ITEM_FIELDS[type], place, compatibility);
  return DECODERS[type](item, place, compatibility);
}

function isKnown(type: string): type is ItemKind {
  return Object.hasOwn(ITEM_FIELDS, type);
}

function decodeMessage(item: unknown, place: JsonPath, compatibility: Compatibility): Item[] {
  const { role, content } = decodeValue(messageSchema, item, place);
  // An earlier answer may be empty.
  const said = role === 'assistant' && content.length === 0 ? '' : content;
  const parts = decodeContent(said, [...place, 'content'], { allowed: PARTS[role], compatibility });
  return [{ type: 'message', role: ROLES[role], parts, path: formatPath(place) }];
}

function decodeCall(item: unknown, place: JsonPath): Item[] {
  const { call_id: callId, ...call } = decodeValue(callSchema, item, place);
  return [{ type: 'tool-call', callId, ...call, path: formatPath(place) }];
}

function decodeCustomCall(item: unknown, place: JsonPath): Item[] {
  const { call_id: callId, name, input } = decodeValue(customCallSchema, item, place);
  return [{ type: 'tool-call', callId, name, arguments: encodeCustomInput(input), path: formatPath(place) }];
}

function decodeOutput(item: unknown, place: JsonPath, compatibility: Compatibility): Item[] {
  const { call_id: callId, output } = decodeValue(outputSchema, item, place);
  const parts = decodeContent(output, [...place, 'output'], { allowed: PARTS.output, compatibility });
  return [{ type: 'tool-result', callId, parts, path: formatPath(place) }];
}
