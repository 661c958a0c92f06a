import { z } from 'zod';
import type { Steps } from '../../base/async/steps.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { JsonPath } from '../../base/json-path.ts';
import type { Unseal } from '../../conversation/ports/sealing.ts';
import type { References, ResolvedReferences } from '../../conversation/references.ts';
import { decodeInputItems } from '../items/decode-input.ts';
import { linkCalls } from '../items/link-calls.ts';
import { readHistory, readInputItems, type InputItem } from '../items/read-items.ts';
import { readItemIds } from '../items/read-references.ts';
import { toStoredItem } from '../items/stored-items.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { decodeBody, decodeObject } from '../request/decode-body.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import type { Policy } from '../request/policy.ts';
import { invalidValue } from '../request/refusals.ts';
import { metadataSchema } from '../request/shared-schema.ts';
import { CREATE_FIELDS, ITEMS_FIELDS, UPDATE_FIELDS } from './fields.ts';

/** Everything outside of a request that its items are decoded with. */
export interface ItemContext {
  /** Items of the conversation, and items that the new ones refer to. */
  readonly references: ResolvedReferences;
  readonly unseal: Unseal;
}

const MAX_ITEMS = 20;

const itemsSchema = z
  .array(z.unknown(), { error: 'expected an array of items' })
  .max(MAX_ITEMS, { error: `expected at most ${MAX_ITEMS} items` });

const createSchema = z.object({ items: itemsSchema.nullish(), metadata: metadataSchema.nullish() });
const updateSchema = z.object({ metadata: metadataSchema.nullable() });
const addSchema = z.object({ items: itemsSchema.min(1, { error: 'expected at least one item' }) });

interface DecodedBody {
  /** Fields that are ignored, and values that are adjusted. */
  readonly compatibility: Compatibility;
}

interface NewItems extends DecodedBody {
  /** Items as they are stored, each with an id. */
  readonly items: readonly JsonObject[];
}

interface NewMetadata extends DecodedBody {
  readonly metadata: JsonObject;
}

/** Path of the items in a body. */
const PATH: JsonPath = ['items'];

/** Returns what the items in a body refer to. */
export function readItemReferences(body: unknown, conversationId?: string): References {
  const items = isJsonObject(body) ? body.items : undefined;
  const itemIds = Array.isArray(items) ? readItemIds(items, PATH) : [];
  return { previousId: undefined, conversationId, itemIds };
}

/** Decodes the body of `POST /v1/conversations`, which may be missing; throws a `GatewayError` that names the field. */
export function* decodeNewConversation(
  body: unknown,
  policy: Policy,
  context: ItemContext,
): Steps<NewItems & NewMetadata> {
  const { object, compatibility } = checkBody(body ?? {}, CREATE_FIELDS, policy);
  const { items, metadata } = decodeBody(createSchema, object);
  const decoded = yield* decodeItems(items ?? [], compatibility, context);
  return { items: decoded, metadata: metadata ?? {}, compatibility };
}

/** Decodes the body of `POST /v1/conversations/{id}`. */
export function decodeConversationUpdate(body: unknown, policy: Policy): NewMetadata {
  const { object, compatibility } = checkBody(body, UPDATE_FIELDS, policy);
  return { metadata: decodeBody(updateSchema, object).metadata ?? {}, compatibility };
}

/** Decodes the body of `POST /v1/conversations/{id}/items`. */
export function* decodeNewItems(body: unknown, policy: Policy, context: ItemContext): Steps<NewItems> {
  const { object, compatibility } = checkBody(body, ITEMS_FIELDS, policy);
  const { items } = decodeBody(addSchema, object);
  return { items: yield* decodeItems(items, compatibility, context), compatibility };
}

function checkBody(body: unknown, fields: Fields, { strict }: Policy) {
  const object = decodeObject(body);
  const compatibility = createCompatibility(strict);
  checkFields(object, fields, [], compatibility);
  return { object, compatibility };
}

/**
 * Decodes new items into the form in which they are stored. Refuses the same as the input of a response does, so that a
 * response can continue the conversation; calls may still wait for their results.
 */
function* decodeItems(
  items: readonly unknown[],
  compatibility: Compatibility,
  { references, unseal }: ItemContext,
): Steps<JsonObject[]> {
  const added = yield* readInputItems(items, references, compatibility, PATH);
  const ids = checkIds(added);
  // A new item replaces the stored one with the same id.
  const kept = references.history.filter(({ id }) => !ids.has(id));
  const entries = [...(yield* readHistory(kept, 'conversation')), ...added];
  const decoded = yield* decodeInputItems(entries, { isOfferedAsFunction: () => false, unseal });
  linkCalls(decoded, { results: 'anywhere', mayStayOpen: true });
  return added.map(toStoredItem);
}

function checkIds(entries: readonly InputItem[]): ReadonlySet<unknown> {
  const ids = new Set<unknown>();
  for (const { item, path } of entries) {
    if (ids.has(item.id)) throw invalidValue(path, 'an earlier item has the same id');
    if ((item.id ?? null) !== null) ids.add(item.id);
  }
  return ids;
}
