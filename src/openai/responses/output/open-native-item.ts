import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { hasStatus } from '../../items/item-kinds.ts';
import type { ItemPlace, OpenItem } from './open-item.ts';
import type { EventDraft } from './response-event.ts';

/** The stages of which clients hear, by the type of the item. */
const STAGES: Readonly<Record<string, { readonly begin: readonly string[]; readonly end: string }>> = {
  web_search_call: {
    begin: ['response.web_search_call.in_progress', 'response.web_search_call.searching'],
    end: 'response.web_search_call.completed',
  },
};

/** An item in the provider's own form, which comes whole; it keeps its id if that is free. */
export function openNativeItem(
  given: JsonObject,
  { outputIndex, createId }: ItemPlace,
  isFree: (id: string) => boolean,
): OpenItem {
  const type = String(given.type);
  const item = type === 'web_search_call' ? { ...given, action: encodeSearch(given.action) } : given;
  const id = typeof item.id === 'string' && isFree(item.id) ? item.id : createId(type);
  const stages = STAGES[type];
  const tell = (type: string): EventDraft => ({ type, item_id: id, output_index: outputIndex });
  const encodeItem = (status: unknown) => ({
    ...item,
    id,
    ...(hasStatus(type) && { status }),
  });
  return {
    open: () => [
      { type: 'response.output_item.added', output_index: outputIndex, item: encodeItem('in_progress') },
      ...(stages?.begin ?? []).map(tell),
    ],
    close: () => (stages ? [tell(stages.end)] : []),
    encode: (status) => encodeItem(item.status ?? status),
  };
}

/** Some clients refuse an answer with an action that they do not know. */
function encodeSearch(action: unknown): unknown {
  const { type } = isJsonObject(action) ? action : {};
  return ['search', 'open_page', 'find_in_page'].includes(String(type)) ? action : { type: 'search' };
}
