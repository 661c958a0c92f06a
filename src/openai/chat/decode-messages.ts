import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import { formatPath, valueAt, type JsonPath } from '../../base/json-path.ts';
import type { Item, MessageItem, Part, ToolCallItem } from '../../conversation/item.ts';
import { createCallLabels, type CallLabels } from '../items/call-labels.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { invalidValue } from '../request/refusals.ts';
import { encodeCustomInput } from '../vocabulary/custom-input.ts';
import { decodePart, type PartKind } from './decode-part.ts';
import { CALL_FIELDS, FIELDS_OF_ROLE } from './fields.ts';
import {
  assistantSchema,
  contentSchema,
  messageSchema,
  messagesSchema,
  toolCallSchema,
  toolMessageSchema,
  type LegacyCall,
} from './schema.ts';

type Role = keyof typeof FIELDS_OF_ROLE;

const TEXTS: readonly PartKind[] = ['text', 'input_text', 'output_text'];

/** Parts that OpenAI allows for each role, and images of a tool, which several clients send. */
const PARTS: Readonly<Record<Role, readonly PartKind[]>> = {
  system: TEXTS,
  developer: TEXTS,
  user: [...TEXTS, 'image_url', 'file'],
  assistant: [...TEXTS, 'refusal'],
  tool: [...TEXTS, 'image_url'],
  function: TEXTS,
};

/** A message to decode, and everything that its decoders need to know. */
interface MessageContext {
  readonly messages: readonly unknown[];
  readonly message: object;
  readonly role: Role;
  readonly index: number;
  readonly path: JsonPath;
  /** The same path as text, for the items. */
  readonly itemPath: string;
  readonly compatibility: Compatibility;
  readonly labels: CallLabels;
}

const DECODERS: Readonly<Record<Role, (context: MessageContext) => Item[]>> = {
  // The app-server would drop a system message silently.
  system: (context) => [createMessage(context, 'developer')],
  developer: (context) => [createMessage(context, 'developer')],
  user: (context) => [createMessage(context, 'user')],
  assistant: decodeAssistant,
  tool: decodeResult,
  function: decodeLegacyResult,
};

/** Decodes `messages`. */
export function* decodeMessages(body: object, compatibility: Compatibility): Steps<Item[]> {
  const { messages } = decodeValue(messagesSchema, body, []);
  const labels = createCallLabels(() => messages.flatMap(callNamesIn));
  const items = yield* mapInSteps(messages, (value, index) => {
    const path: JsonPath = ['messages', index];
    const { role } = decodeValue(messageSchema, value, path);
    const message = value as object;
    checkFields(message, FIELDS_OF_ROLE[role], path, compatibility);
    const itemPath = formatPath(path);
    return DECODERS[role]({ messages, message, role, index, path, itemPath, compatibility, labels });
  });
  return items.flat();
}

/** Returns the names of the calls in a message that is not checked yet. */
function callNamesIn(message: unknown): unknown[] {
  const calls = valueAt(message, ['tool_calls']);
  const names = (Array.isArray(calls) ? calls : []).flatMap((call) => [
    valueAt(call, ['function', 'name']),
    valueAt(call, ['custom', 'name']),
  ]);
  return [...names, valueAt(message, ['function_call', 'name'])];
}

function decodeResult(context: MessageContext): Item[] {
  const { message, path, compatibility, labels } = context;
  const { tool_call_id: id } = decodeValue(toolMessageSchema, message, path);
  return [createResult(context, labels.id(id, [...path, 'tool_call_id'], compatibility))];
}

/** Decodes the result of a legacy call, which has no id: its result is the next message. */
function decodeLegacyResult(context: MessageContext): Item[] {
  const before = context.messages[context.index - 1];
  if (valueAt(before, ['role']) !== 'assistant' || !valueAt(before, ['function_call']))
    throw invalidValue(context.path, "the message before it has no 'function_call'");
  return [createResult(context, legacyId(context.index - 1))];
}

function decodeLegacyCall(call: LegacyCall, context: MessageContext): ToolCallItem {
  const { messages, index, path, itemPath, compatibility, labels } = context;
  if (valueAt(messages[index + 1], ['role']) !== 'function')
    throw invalidValue(path, "the message after its 'function_call' does not have the role 'function'");
  const name = labels.name(call.name, [...path, 'function_call', 'name'], compatibility);
  return { type: 'tool-call', callId: legacyId(index), ...call, name, path: itemPath };
}

function legacyId(index: number): string {
  return `call_of_message_${index}`;
}

function createMessage(context: MessageContext, role: MessageItem['role']): Item {
  return { type: 'message', role, parts: requiredParts(context), path: context.itemPath };
}

function createResult(context: MessageContext, callId: string): Item {
  return { type: 'tool-result', callId, parts: requiredParts(context), path: context.itemPath };
}

function requiredParts(context: MessageContext): Part[] {
  return decodeParts(decodeValue(contentSchema, context.message, context.path).content, context);
}

/** Decodes an earlier answer, which may be empty, or a refusal, which the model reads as the text that it was. */
function decodeAssistant(context: MessageContext): Item[] {
  const { message, path, itemPath } = context;
  const {
    content,
    refusal,
    tool_calls: toolCalls,
    function_call: legacyCall,
  } = decodeValue(assistantSchema, message, path);
  const parts = decodeParts(content ?? [], context);
  if (typeof refusal === 'string') parts.push({ type: 'text', text: refusal });
  const calls = (toolCalls ?? []).map((call, index) => decodeCall(call, index, context));
  if (legacyCall) calls.push(decodeLegacyCall(legacyCall, context));
  const hasContent = parts.some((part) => part.type !== 'text' || part.text !== '');
  if (!hasContent && calls.length > 0) return calls;
  const said: Part[] = parts.length > 0 ? parts : [{ type: 'text', text: '' }];
  return [{ type: 'message', role: 'assistant', parts: said, path: itemPath }, ...calls];
}

function decodeCall(value: unknown, index: number, context: MessageContext): ToolCallItem {
  const { itemPath, compatibility, labels } = context;
  const path = [...context.path, 'tool_calls', index];
  const call = decodeValue(toolCallSchema, value, path);
  checkFields(value as object, CALL_FIELDS, path, compatibility);
  const callId = labels.id(call.id, [...path, 'id'], compatibility);
  const isFunction = 'function' in call;
  const tool = isFunction ? call.function : call.custom;
  const name = labels.name(tool.name, [...path, isFunction ? 'function' : 'custom', 'name'], compatibility);
  const args = isFunction ? call.function.arguments : encodeCustomInput(call.custom.input);
  return { type: 'tool-call', callId, name, arguments: args, path: itemPath };
}

function decodeParts(parts: readonly unknown[], { role, path, compatibility }: MessageContext): Part[] {
  return parts.map((part, index) =>
    decodePart(part, [...path, 'content', index], { allowed: PARTS[role], compatibility }),
  );
}
