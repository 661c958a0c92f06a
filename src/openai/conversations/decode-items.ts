import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { formatPath } from '../../base/json-path.ts';
import type { Steps } from '../../base/async/steps.ts';
import type { ResolvedReferences, References } from '../../conversation/references.ts';
import type { Unseal } from '../../conversation/ports/sealing.ts';
import { linkCalls } from '../items/link-calls.ts';
import { createCompatibility, type Compatibility } from '../request/compatibility.ts';
import { inGivenNames } from '../request/given-names.ts';
import { invalidValue } from '../request/refusals.ts';
import { decodeEntries } from '../items/decode-input.ts';
import type { Entry } from '../items/item-reading.ts';
import { readEntries, readHistory } from '../items/read-entries.ts';
import { readReferences } from '../items/read-references.ts';
import { recordItem } from '../items/record-item.ts';

/** What is known beside the items themselves. */
export interface ItemContext {
  /** What the conversation holds already, and what is behind the items' references. */
  readonly recollection: ResolvedReferences;
  readonly unseal: Unseal;
}

/** The items of a conversation are read as those of `input`. */
const NAMES = { input: 'items' };

/** What the items refer to that a body would add to a conversation. */
export function readItemReferences(body: unknown, conversationId?: string): References {
  const items = isJsonObject(body) ? body.items : undefined;
  return inItemNames(() => ({ ...readReferences({ input: items }), conversationId }));
}

/** What is left out of items is told by their place in the body. */
export function createItemCompatibility(strict: boolean): Compatibility {
  return createCompatibility(strict, NAMES);
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
  try {
    const own = yield* readEntries(items, recollection, compatibility);
    const ids = checkIds(own);
    // An item that comes again takes the place of the one that is there.
    const stays = recollection.history.filter(({ id }) => !ids.has(id));
    const entries = [...(yield* readHistory(stays, 'conversation')), ...own];
    const read = yield* decodeEntries(entries, { isFunction: () => false, unseal });
    linkCalls(read, { results: 'anywhere', mayStayOpen: true });
    return own.map(({ kind, item }) => recordItem(kind, item));
  } catch (error) {
    throw inGivenNames(error, NAMES);
  }
}

function checkIds(entries: readonly Entry[]): ReadonlySet<unknown> {
  const ids = new Set<unknown>();
  for (const { item, place } of entries) {
    if (ids.has(item.id)) throw invalidValue(formatPath(place), 'an item before it has the same id');
    if ((item.id ?? null) !== null) ids.add(item.id);
  }
  return ids;
}

function inItemNames<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inGivenNames(error, NAMES);
  }
}
