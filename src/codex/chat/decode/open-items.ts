/**
 * Items that have begun and not ended, by id. Some providers give an item another id in each event of its stream: an id that
 * has not begun belongs to the item that began last.
 */
export interface OpenItems {
  begin(id: string): void;
  /** Returns the id under which an item has begun, or the id itself if no item is open. */
  find(id: string): string;
  /** Ends an item; returns the same id as `find`. */
  end(id: string): string;
}

export function createOpenItems(): OpenItems {
  const open = new Set<string>();

  function find(id: string): string {
    return open.has(id) ? id : ([...open].at(-1) ?? id);
  }

  return {
    begin(id) {
      open.delete(id);
      open.add(id);
    },
    find,
    end(id) {
      const begun = find(id);
      open.delete(begun);
      return begun;
    },
  };
}
