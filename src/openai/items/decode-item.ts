import type { MessageItem, ToolCall } from '../../conversation/item.ts';
import { encodeCustomInput } from '../vocabulary/custom-input.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { decodeContent, type PartKind } from './decode-content.ts';
import { ITEM_FIELDS } from './item-fields.ts';
import type { DecodeItem, Reading } from './item-reading.ts';
import { callSchema, customCallSchema, messageSchema, outputSchema } from './schema.ts';

/** `type` of an item that everyone can read. */
type ItemKind = keyof typeof ITEM_FIELDS;

const ROLES = { system: 'developer', developer: 'developer', user: 'user', assistant: 'assistant' } as const;

const TEXTS: readonly PartKind[] = ['input_text', 'output_text', 'text'];

/** The same as a chat's messages may hold. Clients mix up the names of a text. */
const PARTS: Readonly<Record<keyof typeof ROLES | 'output', readonly PartKind[]>> = {
  system: TEXTS,
  developer: TEXTS,
  user: [...TEXTS, 'input_image', 'input_file'],
  assistant: [...TEXTS, 'refusal'],
  output: [...TEXTS, 'input_image', 'input_file'],
};

const PHASES = { commentary: 'commentary', final_answer: 'final_answer' } as const;

export const ITEM_DECODERS: Readonly<Record<ItemKind, DecodeItem>> = {
  message: checked('message', decodeMessage),
  function_call: checked('function_call', decodeCall),
  function_call_output: checked('function_call_output', decodeOutput),
  custom_tool_call: checked('custom_tool_call', decodeCustomCall),
  custom_tool_call_output: checked('custom_tool_call_output', decodeOutput),
};

export function createMessage(role: MessageItem['role'], text: string, path: string): MessageItem {
  return { type: 'message', role, parts: [{ type: 'text', text }], path };
}

function checked(kind: ItemKind, decode: DecodeItem): DecodeItem {
  return (reading) => {
    checkFields(reading.item, ITEM_FIELDS[kind], reading.place, reading.compatibility);
    return decode(reading);
  };
}

function decodeMessage({ item, place, path, compatibility }: Reading): MessageItem[] {
  const { role, content, phase } = decodeValue(messageSchema, item, place);
  // An earlier answer may be empty.
  const said = role === 'assistant' && content.length === 0 ? '' : content;
  const parts = decodeContent(said, [...place, 'content'], { allowed: PARTS[role], compatibility });
  const message = { type: 'message', role: ROLES[role], parts, path } as const;
  if (role !== 'assistant' || typeof phase !== 'string' || !Object.hasOwn(PHASES, phase)) return [message];
  return [{ ...message, phase: PHASES[phase as keyof typeof PHASES] }];
}

function decodeCall(reading: Reading): ReturnType<DecodeItem> {
  const { arguments: args, ...call } = decodeValue(callSchema, reading.item, reading.place);
  return [{ type: 'tool-call', ...labelsOf(call, reading), arguments: args, path: reading.path }];
}

function decodeCustomCall(reading: Reading): ReturnType<DecodeItem> {
  const { item, place, path, conversation } = reading;
  const { input, ...given } = decodeValue(customCallSchema, item, place);
  const call = { type: 'tool-call', ...labelsOf(given, reading), path } as const;
  if (conversation.isFunction(given.name)) return [{ ...call, arguments: encodeCustomInput(input) }];
  return [{ ...call, custom: true, arguments: input }];
}

function decodeOutput({ item, place, path, compatibility, conversation }: Reading): ReturnType<DecodeItem> {
  const { call_id: given, output } = decodeValue(outputSchema, item, place);
  const callId = conversation.labels.id(given, [...place, 'call_id'], compatibility);
  const parts = decodeContent(output, [...place, 'output'], { allowed: PARTS.output, compatibility });
  return [{ type: 'tool-result', callId, parts, path }];
}

interface GivenLabels {
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string | null | undefined;
}

function labelsOf(
  { call_id: id, name, namespace }: GivenLabels,
  { place, compatibility, conversation: { labels } }: Reading,
): Pick<ToolCall, 'callId' | 'name' | 'namespace'> {
  const callId = labels.id(id, [...place, 'call_id'], compatibility);
  // An empty group is none.
  if (!namespace) return { callId, name: labels.name(name, [...place, 'name'], compatibility) };
  return {
    callId,
    name: labels.groupedName(name, [...place, 'name'], compatibility),
    namespace: labels.groupedName(namespace, [...place, 'namespace'], compatibility),
  };
}
