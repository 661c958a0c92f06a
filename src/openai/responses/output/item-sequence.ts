import type { JsonObject } from '../../../base/json.ts';
import { idPrefixOf } from '../../items/item-kinds.ts';
import type { ItemPlace, ItemStatus, OpenItem } from './open-item.ts';
import type { EventDraft } from './response-event.ts';
import { applyInclude } from '../../items/apply-include.ts';

/** Output items, one after the other: each is closed before the next begins. */
export interface ItemSequence {
  /** Opens the item that is made for its place in the output. */
  begin(create: (place: ItemPlace) => OpenItem): EventDraft[];
  /** Closes the item that is open, if there is one. */
  close(status: ItemStatus): EventDraft[];
  /** The one that is open. */
  readonly open: OpenItem | undefined;
  /** Every item so far, with everything in it; the one that is open is incomplete. */
  items(): readonly JsonObject[];
  /** Whether no item so far has the id. */
  isFree(id: string): boolean;
}

export function createItemSequence(responseId: string, include: ReadonlySet<string>): ItemSequence {
  const items: JsonObject[] = [];
  const ids = new Set<unknown>();
  let open: OpenItem | undefined;

  function close(status: ItemStatus): EventDraft[] {
    if (open === undefined) return [];
    const end = open.close();
    const item = open.encode(status);
    open = undefined;
    items.push(item);
    ids.add(item.id);
    const outputIndex = items.length - 1;
    return [
      ...end,
      { type: 'response.output_item.done', output_index: outputIndex, item: applyInclude(item, include) },
    ];
  }

  function placeOf(outputIndex: number): ItemPlace {
    const ending = outputIndex.toString(16).padStart(4, '0');
    return {
      outputIndex,
      createId: (type) => `${idPrefixOf(type)}${responseId.replace('resp_', '')}${ending}`,
    };
  }

  return {
    begin(create) {
      const before = close('completed');
      open = create(placeOf(items.length));
      return [...before, ...open.open()];
    },
    close,
    get open() {
      return open;
    },
    items: () => (open ? [...items, open.encode('incomplete')] : items),
    isFree: (id) => !ids.has(id),
  };
}
