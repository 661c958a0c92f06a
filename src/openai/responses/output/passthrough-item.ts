import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { hasStatus } from '../../items/item-kinds.ts';
import type { OutputSlot, WholeItem } from './response-event.ts';

/** Events that report the progress of items, by the type of the item. */
const PROGRESS: Readonly<Record<string, readonly string[]>> = {
  web_search_call: [
    'response.web_search_call.in_progress',
    'response.web_search_call.searching',
    'response.web_search_call.completed',
  ],
};

/** Encodes an item that comes from the provider in one piece. It keeps its id if no other item has it. */
export function encodePassthroughItem(
  given: JsonObject,
  { outputIndex, createId }: OutputSlot,
  takenIds: ReadonlySet<unknown>,
): WholeItem {
  const type = String(given.type);
  const item = type === 'web_search_call' ? { ...given, action: encodeSearchAction(given.action) } : given;
  const id = typeof item.id === 'string' && !takenIds.has(item.id) ? item.id : createId(type);
  const encode = (status: unknown) => ({ ...item, id, ...(hasStatus(type) && { status }) });
  const events = PROGRESS[type] ?? [];
  return {
    begun: encode('in_progress'),
    events: events.map((name) => ({ type: name, item_id: id, output_index: outputIndex })),
    done: encode(item.status ?? 'completed'),
  };
}

/** Replaces an unknown action by a search, because some clients refuse the whole answer over it. */
function encodeSearchAction(action: unknown): unknown {
  const { type } = isJsonObject(action) ? action : {};
  return ['search', 'open_page', 'find_in_page'].includes(String(type)) ? action : { type: 'search' };
}
