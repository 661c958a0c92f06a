import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatPath } from '../../base/json-path.ts';
import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import type { Item } from '../../conversation/item.ts';
import { createCallLabels } from './call-labels.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { invalidValue, unsupported, unsupportedField } from '../request/refusals.ts';
import { decodeCompaction } from './decode-compaction.ts';
import { createMessage, ITEM_DECODERS } from './decode-item.ts';
import { decodeNative } from './decode-native-item.ts';
import { decodeResult } from './decode-result-item.ts';
import { LOST_REASONING_FIELDS } from './item-fields.ts';
import type { Conversation, DecodeItem, Entry } from './item-reading.ts';
import { readItem } from './read-entries.ts';
import { chatInputSchema } from './schema.ts';

/** What is done with an item, by its kind. */
type Decoders = Readonly<Record<string, DecodeItem>>;

/** A chat has no place for what only the provider can read. */
const CHAT_DECODERS: Decoders = {
  ...ITEM_DECODERS,
  reasoning({ item, place, compatibility }) {
    checkFields(item, LOST_REASONING_FIELDS, place, compatibility);
    compatibility.ignore(place, () => unsupportedField(place));
    return [];
  },
};

const DECODERS: Decoders = {
  ...ITEM_DECODERS,
  reasoning: decodeNative('reasoning'),
  web_search_call: decodeNative('web_search_call'),
  tool_search_call: decodeNative('tool_search_call'),
  tool_search_output: decodeNative('tool_search_output'),
  additional_tools: decodeNative('additional_tools'),
  agent_message: decodeNative('agent_message'),
  configuration_update: decodeNative('configuration_update'),
  file_search_call: decodeResult('file_search_call'),
  code_interpreter_call: decodeResult('code_interpreter_call'),
  image_generation_call: decodeResult('image_generation_call'),
  mcp_call: decodeResult('mcp_call'),
  compaction: decodeCompaction,
  context_compaction: decodeCompaction,
};

/** The items of a conversation in the neutral form. */
export function* decodeEntries(
  entries: readonly Entry[],
  knowledge: Omit<Conversation, 'labels'>,
  decoders: Decoders = DECODERS,
): Steps<Item[]> {
  const labels = createCallLabels(() => entries.map(({ item }) => item.name));
  const conversation = { ...knowledge, labels };
  const items = yield* mapInSteps(entries, (entry) => decodeEntry(entry, decoders, conversation));
  return items.flat();
}

/** `input`, and `instructions` before it, in a body that was sent to chat completions. */
export function* decodeChatInput(body: object, compatibility: Compatibility): Steps<Item[]> {
  const { instructions, input } = decodeValue(chatInputSchema, body, []);
  const first = instructions ? [createMessage('developer', instructions, 'instructions')] : [];
  if (typeof input === 'string') return [...first, createMessage('user', input, 'input')];
  if (input.length === 0) throw invalidValue('input', 'expected at least one item');
  const entries = yield* mapInSteps(input, (item, index) => {
    const place = ['input', index];
    const { kind } = readItem(item, place);
    return { kind, item: item as JsonObject, place, compatibility };
  });
  const knowledge = { isFunction: () => true, unseal: () => undefined };
  return [...first, ...(yield* decodeEntries(entries, knowledge, CHAT_DECODERS))];
}

function decodeEntry(entry: Entry, decoders: Decoders, conversation: Conversation): Item[] {
  const { kind, item, place, compatibility } = entry;
  const path = formatPath(place);
  if (!Object.hasOwn(decoders, kind)) {
    const known = Object.keys(decoders).join(', ');
    throw unsupported(path, `is an item of type '${excerpt(kind)}'; supported: ${known}`);
  }
  return decoders[kind]!({ item, place, path, compatibility, conversation });
}
