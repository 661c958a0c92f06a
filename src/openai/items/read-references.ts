import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { JsonPath } from '../../base/json-path.ts';
import type { References } from '../../conversation/references.ts';
import { decodeObject, decodeValue } from '../request/decode-body.ts';
import { invalidValue } from '../request/refusals.ts';
import { readItem } from './read-entries.ts';

/** Fields that refer to the conversation so far. */
export const referencesSchema = z.object({
  previous_response_id: z.string().nullish(),
  conversation: z
    .union([z.string(), z.object({ id: z.string() })], { error: 'expected an id, or an object with one' })
    .nullish(),
});

/** What a body refers to, and what has to be known before it can be decoded; throws where that is malformed. */
export function readReferences(body: unknown): References {
  const given = decodeObject(body);
  const { previous_response_id: previousId, conversation } = decodeValue(referencesSchema, given, []);
  if ((previousId ?? null) !== null && (conversation ?? null) !== null) {
    throw invalidValue('previous_response_id', "send either 'previous_response_id' or 'conversation'");
  }
  return {
    previousId: previousId ?? undefined,
    conversationId: typeof conversation === 'string' ? conversation : conversation?.id,
    itemIds: Array.isArray(given.input) ? readItemIds(given.input, ['input']) : [],
  };
}

/** Tells from an item's type or role alone that it refers to nothing; a long input has thousands of such items. */
function isPlain({ type, role }: JsonObject): boolean {
  if (typeof type === 'string') return type !== 'item_reference' && type !== 'reasoning';
  return type === undefined && role !== undefined;
}

/** Returns the ids of the items at `path` that are named alone, and of reasoning without content that the provider can read. */
export function readItemIds(items: readonly unknown[], path: JsonPath): string[] {
  const ids = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (!isJsonObject(item) || isPlain(item)) continue;
    const { kind, id, sealed } = readItem(item, [...path, index]);
    const isReference = kind === 'item_reference' || (kind === 'reasoning' && !sealed);
    if (isReference && id !== undefined) ids.add(id);
  }
  return [...ids];
}
