import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import type { JsonPath } from '../../base/json-path.ts';
import type { References } from '../../conversation/references.ts';
import { decodeObject, decodeValue } from '../request/decode-body.ts';
import { invalidValue } from '../request/refusals.ts';
import { identifyItem } from './read-items.ts';

/** Fields that refer to the conversation so far. */
export const referencesSchema = z.object({
  previous_response_id: z.string().nullish(),
  conversation: z
    .union([z.string(), z.object({ id: z.string() })], { error: 'expected an id, or an object with one' })
    .nullish(),
});

/** Returns what a request refers to, which has to be looked up before the request can be decoded. */
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

/** Returns true if an item refers to nothing, by its type or role alone: a long input has thousands of such items. */
function refersToNothing({ type, role }: JsonObject): boolean {
  if (typeof type === 'string') return type !== 'item_reference' && type !== 'reasoning';
  return type === undefined && role !== undefined;
}

/** Returns the ids of items at `path` that are references, or reasoning without its sealed content. */
export function readItemIds(items: readonly unknown[], path: JsonPath): string[] {
  const ids = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (!isJsonObject(item) || refersToNothing(item)) continue;
    const { type, id, isSealed } = identifyItem(item, [...path, index]);
    const isReference = type === 'item_reference' || (type === 'reasoning' && !isSealed);
    if (isReference && id !== undefined) ids.add(id);
  }
  return [...ids];
}
