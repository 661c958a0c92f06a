import { createId } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import { hasStatus, idPrefixOf } from './item-kinds.ts';
import type { InputItem } from './read-items.ts';

type GivenItem = Pick<InputItem, 'type' | 'item'>;

/** Returns items as they are stored. Items whose id is taken get a new one: two items with one id would hide each other. */
export function* toStoredItems(
  items: readonly GivenItem[],
  history: readonly JsonObject[],
): Steps<JsonObject[]> {
  const takenIds = new Set(history.map(({ id }) => id));
  return yield* mapInSteps(items, ({ type, item }) => {
    const stored = toStoredItem({ type, item: takenIds.has(item.id) ? { ...item, id: undefined } : item });
    takenIds.add(stored.id);
    return stored;
  });
}

/** Returns an item as it is stored and listed: with every field that clients may omit. */
export function toStoredItem({ type, item }: GivenItem): JsonObject {
  return {
    ...item,
    ...(hasStatus(type) && { status: item.status ?? 'completed' }),
    type,
    id: typeof item.id === 'string' && item.id !== '' ? item.id : createId(idPrefixOf(type)),
    ...(type === 'message' && typeof item.content === 'string' && { content: textPartsOf(item) }),
  };
}

function textPartsOf({ role, content }: JsonObject): JsonObject[] {
  if (role !== 'assistant') return [{ type: 'input_text', text: content }];
  return [{ type: 'output_text', text: content, annotations: [], logprobs: [] }];
}
