import { formatPath } from '../../base/json-path.ts';
import type { Item, MessageItem, ToolCall, ToolCallItem, ToolResultItem } from '../../conversation/item.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { encodeCustomInput } from '../vocabulary/custom-input.ts';
import type { CallLabels } from './call-labels.ts';
import { decodeContent, type PartType } from './decode-content.ts';
import { ITEM_KINDS, type ItemTypeOf } from './item-kinds.ts';
import { callOutputSchema, customCallSchema, functionCallSchema, messageItemSchema } from './item-schemas.ts';
import type { InputItem } from './read-items.ts';

/** Facts about the whole conversation that decoding one item needs. */
export interface CallContext {
  /** Returns true if the custom tool of that name is offered to the model as a function. */
  isOfferedAsFunction(name: string): boolean;
  readonly labels: CallLabels;
}

type Decode = (input: InputItem, context: CallContext) => Item;

const DECODERS: Readonly<Record<ItemTypeOf<'decoded'>, Decode>> = {
  message: decodeMessage,
  function_call: decodeFunctionCall,
  function_call_output: decodeCallOutput,
  custom_tool_call: decodeCustomCall,
  custom_tool_call_output: decodeCallOutput,
};

/** Decodes an item into its neutral counterpart. */
export function decodeNeutralItem(type: ItemTypeOf<'decoded'>, input: InputItem, context: CallContext): Item {
  checkFields(input.item, ITEM_KINDS[type].fields, input.path, input.compatibility);
  return DECODERS[type](input, context);
}

const ROLES = { system: 'developer', developer: 'developer', user: 'user', assistant: 'assistant' } as const;

/** Clients mix up the types of text parts. */
const TEXTS: readonly PartType[] = ['input_text', 'output_text', 'text'];

/** Types of the parts that messages of each role, and results of calls, may contain. */
const PARTS: Readonly<Record<keyof typeof ROLES | 'output', readonly PartType[]>> = {
  system: TEXTS,
  developer: TEXTS,
  user: [...TEXTS, 'input_image', 'input_file'],
  assistant: [...TEXTS, 'refusal'],
  output: [...TEXTS, 'input_image', 'input_file'],
};

const PHASES = { commentary: 'commentary', final_answer: 'final_answer' } as const;

function decodeMessage({ item, path, compatibility }: InputItem): MessageItem {
  const { role, content, phase } = decodeValue(messageItemSchema, item, path);
  // The assistant may have answered nothing; every other message needs content.
  const given = role === 'assistant' && content.length === 0 ? '' : content;
  const parts = decodeContent(given, [...path, 'content'], { allowed: PARTS[role], compatibility });
  const message = { type: 'message', role: ROLES[role], parts, path: formatPath(path) } as const;
  if (role !== 'assistant' || typeof phase !== 'string' || !Object.hasOwn(PHASES, phase)) return message;
  return { ...message, phase: PHASES[phase as keyof typeof PHASES] };
}

function decodeFunctionCall(input: InputItem, context: CallContext): ToolCallItem {
  const { arguments: args, ...call } = decodeValue(functionCallSchema, input.item, input.path);
  const labels = decodeLabels(call, input, context);
  return { type: 'tool-call', ...labels, arguments: args, path: formatPath(input.path) };
}

function decodeCustomCall(given: InputItem, context: CallContext): ToolCallItem {
  const { input, ...call } = decodeValue(customCallSchema, given.item, given.path);
  const labels = decodeLabels(call, given, context);
  const item = { type: 'tool-call', ...labels, path: formatPath(given.path) } as const;
  return context.isOfferedAsFunction(call.name)
    ? { ...item, arguments: encodeCustomInput(input) }
    : { ...item, custom: true, arguments: input };
}

function decodeCallOutput({ item, path, compatibility }: InputItem, { labels }: CallContext): ToolResultItem {
  const { call_id: id, output } = decodeValue(callOutputSchema, item, path);
  const callId = labels.id(id, [...path, 'call_id'], compatibility);
  const parts = decodeContent(output, [...path, 'output'], { allowed: PARTS.output, compatibility });
  return { type: 'tool-result', callId, parts, path: formatPath(path) };
}

interface GivenLabels {
  readonly call_id: string;
  readonly name: string;
  readonly namespace?: string | null | undefined;
}

/** Decodes the labels of a call; an empty namespace counts as none. */
function decodeLabels(
  { call_id: id, name, namespace }: GivenLabels,
  { path, compatibility }: InputItem,
  { labels }: CallContext,
): Pick<ToolCall, 'callId' | 'name' | 'namespace'> {
  const callId = labels.id(id, [...path, 'call_id'], compatibility);
  const namePath = [...path, 'name'];
  if (!namespace) return { callId, name: labels.name(name, namePath, compatibility) };
  return {
    callId,
    name: labels.groupedName(name, namePath, compatibility),
    namespace: labels.groupedName(namespace, [...path, 'namespace'], compatibility),
  };
}
