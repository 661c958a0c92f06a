import { z } from 'zod';
import type { JsonObject } from '../../base/json.ts';
import type { Steps } from '../../base/async/steps.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { decodeBody, decodeObject } from '../request/decode-body.ts';
import { checkFields, type Fields } from '../request/fields.ts';
import { metadataSchema } from '../request/metadata.ts';
import type { Policy } from '../request/policy.ts';
import { decodeItems, type ItemContext } from './decode-items.ts';
import { CREATE_FIELDS, ITEMS_FIELDS, UPDATE_FIELDS } from './fields.ts';

const MAX_ITEMS = 20;

const itemsSchema = z
  .array(z.unknown(), { error: 'expected an array of items' })
  .max(MAX_ITEMS, { error: `expected at most ${MAX_ITEMS} items` });

const createSchema = z.object({ items: itemsSchema.nullish(), metadata: metadataSchema.nullish() });
const updateSchema = z.object({ metadata: metadataSchema.nullable() });
const addSchema = z.object({ items: itemsSchema.min(1, { error: 'expected at least one item' }) });

interface Decoded {
  /** What was left out. */
  readonly compatibility: Compatibility;
}

interface NewItems extends Decoded {
  /** As they are kept, each with an id. */
  readonly items: readonly JsonObject[];
}

interface NewMetadata extends Decoded {
  readonly metadata: JsonObject;
}

/** Decodes the body of `POST /v1/conversations`, which may be missing; throws a `GatewayError` that names the field. */
export function* decodeNewConversation(
  body: unknown,
  policy: Policy,
  context: ItemContext,
): Steps<NewItems & NewMetadata> {
  const { given, compatibility } = begin(body ?? {}, CREATE_FIELDS, policy);
  const { items, metadata } = decodeBody(createSchema, given);
  const decoded = yield* decodeItems(items ?? [], compatibility, context);
  return { items: decoded, metadata: metadata ?? {}, compatibility };
}

/** Decodes the body of `POST /v1/conversations/{id}`. */
export function decodeConversationUpdate(body: unknown, policy: Policy): NewMetadata {
  const { given, compatibility } = begin(body, UPDATE_FIELDS, policy);
  return { metadata: decodeBody(updateSchema, given).metadata ?? {}, compatibility };
}

/** Decodes the body of `POST /v1/conversations/{id}/items`. */
export function* decodeNewItems(body: unknown, policy: Policy, context: ItemContext): Steps<NewItems> {
  const { given, compatibility } = begin(body, ITEMS_FIELDS, policy);
  const { items } = decodeBody(addSchema, given);
  return { items: yield* decodeItems(items, compatibility, context), compatibility };
}

function begin(body: unknown, fields: Fields, { strict }: Policy) {
  const given = decodeObject(body);
  const compatibility = createCompatibility(strict);
  checkFields(given, fields, [], compatibility);
  return { given, compatibility };
}
