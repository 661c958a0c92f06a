import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { Steps } from '../../base/async/steps.ts';
import type { ResolvedReferences, References } from '../../conversation/references.ts';
import type { Unseal } from '../../conversation/ports/sealing.ts';
import { linkCalls } from '../items/link-calls.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { invalidValue } from '../request/refusals.ts';
import { decodeInput } from '../items/decode-input.ts';
import { readHistory, readInput, type InputItem } from '../items/read-items.ts';
import { readItemIds } from '../items/read-references.ts';
import { toStoredItem } from '../items/stored-items.ts';

/** What is known beside the items themselves. */
export interface ItemContext {
  /** What the conversation holds already, and what is behind the items' references. */
  readonly recollection: ResolvedReferences;
  readonly unseal: Unseal;
}

const PATH: JsonPath = ['items'];

/** What the items refer to that a body would add to a conversation. */
export function readItemReferences(body: unknown, conversationId?: string): References {
  const items = isJsonObject(body) ? body.items : undefined;
  const itemIds = Array.isArray(items) ? readItemIds(items, PATH) : [];
  return { previousId: undefined, conversationId, itemIds };
}

/**
 * Items as they are kept, each with an id. Refuses what the input of a response would be refused for, so that the
 * conversation stays one that a response can go on with; calls may still wait for their results.
 */
export function* decodeItems(
  items: readonly unknown[],
  compatibility: Compatibility,
  { recollection, unseal }: ItemContext,
): Steps<JsonObject[]> {
  const own = yield* readInput(items, recollection, compatibility, PATH);
  const ids = checkIds(own);
  // An item that comes again takes the place of the one that is there.
  const stays = recollection.history.filter(({ id }) => !ids.has(id));
  const entries = [...(yield* readHistory(stays, 'conversation')), ...own];
  const read = yield* decodeInput(entries, { isOfferedAsFunction: () => false, unseal });
  linkCalls(read, { results: 'anywhere', mayStayOpen: true });
  return own.map(toStoredItem);
}

function checkIds(entries: readonly InputItem[]): ReadonlySet<unknown> {
  const ids = new Set<unknown>();
  for (const { item, path } of entries) {
    if (ids.has(item.id)) throw invalidValue(formatPath(path), 'an item before it has the same id');
    if ((item.id ?? null) !== null) ids.add(item.id);
  }
  return ids;
}
