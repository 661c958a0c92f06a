import { z } from 'zod';
import type { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatPath } from '../../base/json-path.ts';
import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import { createTextMessage, type Item, type MessageItem } from '../../conversation/item.ts';
import type { Unseal } from '../../conversation/ports/sealing.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { checkFields } from '../request/fields.ts';
import { invalidValue, unsupported, unsupportedField } from '../request/refusals.ts';
import { createCallLabels, type CallLabels } from './call-labels.ts';
import { decodeNeutralItem, type CallContext } from './decode-neutral-item.ts';
import { decodePassthroughItem } from './decode-passthrough-item.ts';
import { decodeProviderResult } from './decode-provider-result.ts';
import { isHandledAs, ITEM_KINDS, ITEM_TYPES, type ItemTypeOf } from './item-kinds.ts';
import { compactionSchema, inputSchema } from './item-schemas.ts';
import { identifyItem, type InputItem } from './read-items.ts';

// The items of a request become those of the neutral conversation in three steps:
//
//   read-items.ts    finds the type of each item, replaces references by the stored items, leaves out what cannot be used
//   this file        checks the fields of each item and decodes it by its `handling` in item-kinds.ts
//   link-calls.ts    connects each result with its call

/** Facts about the conversation that its items alone do not tell. */
export interface DecodeOptions extends Pick<CallContext, 'isOfferedAsFunction'> {
  readonly unseal: Unseal;
}

/** Decodes the items of a conversation, oldest first. */
export function* decodeInputItems(
  inputs: readonly InputItem[],
  { isOfferedAsFunction, unseal }: DecodeOptions,
): Steps<Item[]> {
  const context = { isOfferedAsFunction, labels: labelsFor(inputs) };
  return yield* mapInSteps(inputs, (input) => decodeItem(input, context, unseal));
}

function decodeItem(input: InputItem, context: CallContext, unseal: Unseal): Item {
  const { type } = input;
  if (isHandledAs('decoded', type)) return decodeNeutralItem(type, input, context);
  if (isHandledAs('passthrough', type)) return decodePassthroughItem(type, input, context.labels);
  if (isHandledAs('provider-result', type)) return decodeProviderResult(type, input);
  if (isHandledAs('compaction', type)) return decodeCompaction(type, input, unseal);
  throw unsupportedType(
    input,
    ITEM_TYPES.filter((one) => !isHandledAs('unsupported', one)),
  );
}

/** Decodes the `instructions` and `input` of a Responses body that was sent to chat completions. */
export function* decodeChatInput(body: object, compatibility: Compatibility): Steps<Item[]> {
  const { instructions, input } = decodeValue(chatInputSchema, body, []);
  const first = instructions ? [createTextMessage('developer', instructions, 'instructions')] : [];
  if (typeof input === 'string') return [...first, createTextMessage('user', input, 'input')];
  if (input.length === 0) throw invalidValue('input', 'expected at least one item');
  const inputs = yield* mapInSteps(input, (item, index) => {
    const path = ['input', index];
    return { type: identifyItem(item, path).type, item: item as JsonObject, path, compatibility };
  });
  const context = { isOfferedAsFunction: () => true, labels: labelsFor(inputs) };
  const items = yield* mapInSteps(inputs, (item) => decodeChatItem(item, context));
  return [...first, ...items.flat()];
}

const chatInputSchema = z.object({ instructions: z.string().nullish(), input: inputSchema });

/** Decodes an item that a chat completion could contain, too; reasoning is left out. */
function decodeChatItem(input: InputItem, context: CallContext): Item[] {
  const { type, item, path, compatibility } = input;
  if (isHandledAs('decoded', type)) return [decodeNeutralItem(type, input, context)];
  if (type !== 'reasoning') {
    const decoded = ITEM_TYPES.filter((one) => isHandledAs('decoded', one));
    throw unsupportedType(input, [...decoded, 'reasoning']);
  }
  checkFields(item, ITEM_KINDS.reasoning.fields, path, compatibility);
  compatibility.ignore(path, () => unsupportedField(path));
  return [];
}

/** Heading of a summary in the message that carries it to the model. */
const SUMMARY_HEADING = 'A summary of the conversation so far:';

/** Decodes a summary into a user message, because it may repeat things that no developer has said. */
function decodeCompaction(
  type: ItemTypeOf<'compaction'>,
  { item, path, compatibility }: InputItem,
  unseal: Unseal,
): MessageItem {
  const { encrypted_content: sealed } = decodeValue(compactionSchema, item, path);
  checkFields(item, ITEM_KINDS[type].fields, path, compatibility);
  const summary = unseal(sealed);
  if (summary === undefined) {
    const why = 'it was made by another gateway or provider, and only that one can read it';
    throw invalidValue([...path, 'encrypted_content'], why);
  }
  return createTextMessage('user', `${SUMMARY_HEADING}\n\n${summary}`, formatPath(path));
}

function labelsFor(inputs: readonly InputItem[]): CallLabels {
  return createCallLabels(() => inputs.map(({ item }) => item.name));
}

function unsupportedType({ type, path }: InputItem, supported: readonly string[]): GatewayError {
  const why = `is an item of type '${excerpt(type)}'; supported: ${supported.join(', ')}`;
  return unsupported(path, why);
}
