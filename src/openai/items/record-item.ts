import { createId } from '../../base/ids.ts';
import type { JsonObject } from '../../base/json.ts';
import { mapInSteps, type Steps } from '../../base/async/steps.ts';
import { formOf } from './item-form.ts';

/**
 * Items as they are kept, beside those that are there: an id that is taken is given to no other, which would be lost to it.
 */
export function* recordItems(
  items: readonly { readonly kind: string; readonly item: JsonObject }[],
  history: readonly JsonObject[],
): Steps<JsonObject[]> {
  const taken = new Set(history.map(({ id }) => id));
  return yield* mapInSteps(items, ({ kind, item }) => {
    const recorded = recordItem(kind, taken.has(item.id) ? { ...item, id: undefined } : item);
    taken.add(recorded.id);
    return recorded;
  });
}

/** An item as it is kept and listed: whole, with what a client may leave out. */
export function recordItem(kind: string, item: JsonObject): JsonObject {
  const { prefix, ends } = formOf(kind);
  return {
    ...item,
    ...(ends && { status: item.status ?? 'completed' }),
    type: kind,
    id: typeof item.id === 'string' && item.id !== '' ? item.id : createId(prefix),
    ...(kind === 'message' && typeof item.content === 'string' && { content: partsOf(item) }),
  };
}

function partsOf({ role, content }: JsonObject): JsonObject[] {
  if (role !== 'assistant') return [{ type: 'input_text', text: content }];
  return [{ type: 'output_text', text: content, annotations: [], logprobs: [] }];
}
