import { formatPath, valueAt, type JsonPath } from '../../base/json-path.ts';
import type { Item, MessageItem, Part, ToolCallItem } from '../../conversation/item.ts';
import type { CallLabels } from '../items/call-labels.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { encodeCustomInput } from '../vocabulary/custom-input.ts';
import { invalidValue } from '../request/refusals.ts';
import { decodePart, type PartKind } from './decode-part.ts';
import { CALL_FIELDS, FIELDS_OF_ROLE } from './fields.ts';
import {
  assistantSchema,
  contentSchema,
  messageSchema,
  toolCallSchema,
  toolMessageSchema,
  type LegacyCall,
} from './schema.ts';

type Role = keyof typeof FIELDS_OF_ROLE;

const TEXTS: readonly PartKind[] = ['text', 'input_text', 'output_text'];

/** What OpenAI lets each role say; images of a tool are sent by more than one client. */
const PARTS: Readonly<Record<Role, readonly PartKind[]>> = {
  system: TEXTS,
  developer: TEXTS,
  user: [...TEXTS, 'image_url', 'file'],
  assistant: [...TEXTS, 'refusal'],
  tool: [...TEXTS, 'image_url'],
  function: TEXTS,
};

/** A message under way: what it says and where it stands. */
interface Reading {
  readonly messages: readonly unknown[];
  readonly message: object;
  readonly role: Role;
  readonly index: number;
  readonly place: JsonPath;
  readonly path: string;
  readonly compatibility: Compatibility;
  readonly labels: CallLabels;
}

const DECODERS: Readonly<Record<Role, (reading: Reading) => Item[]>> = {
  // The app-server would drop a system message in silence.
  system: (reading) => [createMessage(reading, 'developer')],
  developer: (reading) => [createMessage(reading, 'developer')],
  user: (reading) => [createMessage(reading, 'user')],
  assistant: decodeAssistant,
  tool: decodeResult,
  function: decodeLegacyResult,
};

/** The items of one message of a conversation; an assistant's may bring calls. */
export function decodeMessage(
  messages: readonly unknown[],
  index: number,
  { compatibility, labels }: Pick<Reading, 'compatibility' | 'labels'>,
): Item[] {
  const place: JsonPath = ['messages', index];
  const value = messages[index];
  const { role } = decodeValue(messageSchema, value, place);
  const message = value as object;
  checkFields(message, FIELDS_OF_ROLE[role], place, compatibility);
  const path = formatPath(place);
  return DECODERS[role]({ messages, message, role, index, place, path, compatibility, labels });
}

function decodeResult(reading: Reading): Item[] {
  const { message, place, compatibility, labels } = reading;
  const { tool_call_id: id } = decodeValue(toolMessageSchema, message, place);
  return [createResult(reading, labels.id(id, [...place, 'tool_call_id'], compatibility))];
}

/** A legacy call has no id: its result is the next message. */
function decodeLegacyResult(reading: Reading): Item[] {
  const before = reading.messages[reading.index - 1];
  if (valueAt(before, ['role']) !== 'assistant' || !valueAt(before, ['function_call']))
    throw invalidValue(reading.path, "no 'function_call' stands right before it");
  return [createResult(reading, legacyId(reading.index - 1))];
}

function decodeLegacyCall(call: LegacyCall, reading: Reading): ToolCallItem {
  const { messages, index, place, path, compatibility, labels } = reading;
  if (valueAt(messages[index + 1], ['role']) !== 'function')
    throw invalidValue(path, "no message of the role 'function' follows right after its 'function_call'");
  const name = labels.name(call.name, [...place, 'function_call', 'name'], compatibility);
  return { type: 'tool-call', callId: legacyId(index), ...call, name, path };
}

function legacyId(index: number): string {
  return `call_of_message_${index}`;
}

function createMessage(reading: Reading, role: MessageItem['role']): Item {
  return { type: 'message', role, parts: requiredParts(reading), path: reading.path };
}

function createResult(reading: Reading, callId: string): Item {
  return { type: 'tool-result', callId, parts: requiredParts(reading), path: reading.path };
}

function requiredParts(reading: Reading): Part[] {
  return decodeParts(decodeValue(contentSchema, reading.message, reading.place).content, reading);
}

/** An earlier answer may be empty, or a refusal, which goes back to the model as the text it was. */
function decodeAssistant(reading: Reading): Item[] {
  const { message, place, path } = reading;
  const given = decodeValue(assistantSchema, message, place);
  const parts = decodeParts(given.content ?? [], reading);
  if (typeof given.refusal === 'string') parts.push({ type: 'text', text: given.refusal });
  const calls = (given.tool_calls ?? []).map((call, nth) => decodeCall(call, nth, reading));
  if (given.function_call) calls.push(decodeLegacyCall(given.function_call, reading));
  const says = parts.some((part) => part.type !== 'text' || part.text !== '');
  if (!says && calls.length > 0) return calls;
  const content: Part[] = parts.length > 0 ? parts : [{ type: 'text', text: '' }];
  return [{ type: 'message', role: 'assistant', parts: content, path }, ...calls];
}

function decodeCall(value: unknown, nth: number, reading: Reading): ToolCallItem {
  const { path, compatibility, labels } = reading;
  const place = [...reading.place, 'tool_calls', nth];
  const call = decodeValue(toolCallSchema, value, place);
  checkFields(value as object, CALL_FIELDS, place, compatibility);
  const callId = labels.id(call.id, [...place, 'id'], compatibility);
  const isFunction = 'function' in call;
  const tool = isFunction ? call.function : call.custom;
  const name = labels.name(tool.name, [...place, isFunction ? 'function' : 'custom', 'name'], compatibility);
  const args = isFunction ? call.function.arguments : encodeCustomInput(call.custom.input);
  return { type: 'tool-call', callId, name, arguments: args, path };
}

function decodeParts(parts: readonly unknown[], { role, place, compatibility }: Reading): Part[] {
  return parts.map((part, index) =>
    decodePart(part, [...place, 'content', index], { allowed: PARTS[role], compatibility }),
  );
}
