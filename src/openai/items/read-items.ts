import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import type { ResolvedReferences } from '../../conversation/references.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import type { Field } from '../request/fields.ts';
import { invalidValue, unsupported, unsupportedField } from '../request/refusals.ts';
import { itemKindOf } from './item-kinds.ts';

/** An item of the conversation, before it is decoded. */
export interface InputItem {
  readonly type: string;
  /** As the caller sent it, or as it is stored. */
  readonly item: JsonObject;
  /** Path in the request: of the item, or of the field or item that refers to it. */
  readonly path: JsonPath;
  /** Collects no notices for items that the request itself does not contain. */
  readonly compatibility: Compatibility;
}

/**
 * Reads the items that the request contains at `listPath`. A text becomes one message. References become the stored items to
 * which they refer; items that the model cannot get are left out, or refused.
 */
export function* readInputItems(
  input: string | readonly unknown[],
  { history, items: stored }: ResolvedReferences,
  compatibility: Compatibility,
  listPath: JsonPath = ['input'],
): Steps<InputItem[]> {
  if (typeof input === 'string') {
    const item = { type: 'message', role: 'user', content: input };
    return [{ type: 'message', item, path: listPath, compatibility }];
  }
  const usedIds = new Set(history.map(({ id }) => id));
  const context = { stored, usedIds, compatibility, listPath };
  const items = yield* mapInSteps(input, (item, index) => readItem(item, [...listPath, index], context));
  return items.filter((item) => item !== undefined);
}

interface ReadContext {
  readonly stored: ResolvedReferences['items'];
  /** Ids of the items of the history, and of those to which items before this one referred. */
  readonly usedIds: Set<unknown>;
  readonly compatibility: Compatibility;
  readonly listPath: JsonPath;
}

function readItem(item: unknown, path: JsonPath, context: ReadContext): InputItem | undefined {
  const { stored, compatibility } = context;
  const { type, id, isSealed } = identifyItem(item, path);
  if (type === 'item_reference') return resolveReference(id ?? '', path, context);
  if (type === 'reasoning' && !isSealed) {
    if (id !== undefined && hasSealedContent(stored.get(id))) return resolveReference(id, path, context);
    compatibility.ignore(path, () => unsupportedField(path));
    return undefined;
  }
  const given = { type, item: item as JsonObject, path, compatibility };
  return isOmitted(given) ? undefined : given;
}

function resolveReference(id: string, path: JsonPath, { stored, usedIds, listPath }: ReadContext): InputItem {
  const item = stored.get(id);
  if (item === undefined) throw itemNotFound(id, listPath);
  if (usedIds.has(id)) {
    throw invalidValue(path, `the conversation already contains the item '${excerpt(id)}'`);
  }
  usedIds.add(id);
  return { type: String(item.type), item, path, compatibility: createCompatibility(false) };
}

/** Reads the stored items of the conversation so far, for which `field` of the request stands. */
export function* readHistory(history: readonly JsonObject[], field: string): Steps<InputItem[]> {
  const compatibility = createCompatibility(false);
  const path = [field];
  const items = yield* mapInSteps(history, (item) => {
    const { type, isSealed } = identifyItem(item, path);
    const given = { type, item, path, compatibility };
    return (type === 'reasoning' && !isSealed) || isOmitted(given) ? undefined : given;
  });
  return items.filter((item) => item !== undefined);
}

/** Fields by which an item is recognized. Clients omit the `type` of messages and references. */
const identitySchema = z.object({
  type: z.string().nullish(),
  id: z.string().nullish(),
  role: z.unknown().optional(),
  encrypted_content: z.string().nullish(),
});

interface ItemIdentity {
  readonly type: string;
  readonly id: string | undefined;
  /** True if it contains something that only the provider can read. */
  readonly isSealed: boolean;
}

export function identifyItem(item: unknown, path: JsonPath): ItemIdentity {
  const { type, id, role, encrypted_content: sealed } = decodeValue(identitySchema, item, path);
  const assumedType = typeof id === 'string' && role === undefined ? 'item_reference' : 'message';
  return { type: type ?? assumedType, id: id ?? undefined, isSealed: Boolean(sealed) };
}

function hasSealedContent(item: JsonObject | undefined): boolean {
  return typeof item?.encrypted_content === 'string' && item.encrypted_content !== '';
}

/** Returns true if an item has to be left out, and reports it; throws if that would lose content. */
function isOmitted({ type, item, path, compatibility }: InputItem): boolean {
  const verdict = omissionOf(type, item);
  if (verdict === undefined) return false;
  const refusal = () => unsupported(path, `is an item of type '${excerpt(type)}': ${verdict.note}`);
  if (verdict.verdict === 'refused') throw refusal();
  compatibility.ignore(path, refusal);
  return true;
}

/** Returns the verdict on an item that cannot go to the model; undefined for all others. */
function omissionOf(type: string, item: JsonObject): Field | undefined {
  const kind = itemKindOf(type);
  if (kind?.handling === 'unsupported') return kind.verdict;
  if (kind?.handling !== 'provider-result') return undefined;
  return kind.resultFields.every((field) => isEmpty(item[field])) ? kind.whenEmpty : undefined;
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : value === null || value === undefined;
}

/** Begins with OpenAI's own words, on which clients match. */
function itemNotFound(id: string, listPath: JsonPath): GatewayError {
  const message = `Item with id '${excerpt(id)}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`;
  return new GatewayError('item_not_found', message, { param: formatPath(listPath) });
}
