/** A string of a JSON document, by the positions of its quotation marks. */
export interface Quoted {
  readonly start: number;
  /** Position behind the closing mark. */
  readonly end: number;
  readonly isEscaped: boolean;
}

/** Hears of the entries of one array or object. */
export interface EntryListener {
  /** Kind of container that it listens to; both if absent. */
  readonly of?: 'object' | 'array';
  /** An entry begins, in objects with its key. Returns the listener of the entry's own entries. */
  begin?(start: number, key: Quoted | undefined): EntryListener | undefined;
  /** The entry ends before this position. Its value is given if it is a string. */
  end?(end: number, value: Quoted | undefined): void;
  /** The container is complete. */
  close?(): void;
}

/** The arrays and objects that are open at a position of a document, and the listeners of the outer ones. */
export interface ContainerStack {
  depth(): number;
  /** Returns true in an object, false in an array and outside of both. */
  isObject(): boolean;
  /** Returns true if the entries of the innermost container are heard. */
  isHeard(): boolean;
  open(isObject: boolean): void;
  close(): void;
  beginEntry(start: number, key: Quoted | undefined): void;
  endEntry(end: number, value: Quoted | undefined): void;
}

/** Depth below which nothing is heard. */
const MAX_HEARD_DEPTH = 256;

/** @param root Hears of the outermost container. */
export function createContainerStack(root: EntryListener): ContainerStack {
  let kinds = new Uint8Array(64);
  let depth = 0;
  const listeners: EntryListener[] = [];
  /** Number of innermost containers without a listener. */
  let unheard = 0;
  /** Listener of the next container. */
  let child: EntryListener | undefined = root;

  return {
    depth: () => depth,
    isObject: () => depth > 0 && kinds[depth - 1] === 1,
    isHeard: () => unheard === 0 && depth > 0,
    open(isObject) {
      if (depth === kinds.length) kinds = doubled(kinds);
      kinds[depth] = isObject ? 1 : 0;
      depth += 1;
      const isMeant = child?.of === undefined || (child.of === 'object') === isObject;
      if (child && isMeant && depth <= MAX_HEARD_DEPTH) listeners.push(child);
      else unheard += 1;
      child = undefined;
    },
    close() {
      depth -= 1;
      if (unheard > 0) unheard -= 1;
      else listeners.pop()?.close?.();
    },
    beginEntry(start, key) {
      if (unheard === 0) child = depth === 0 ? root : listeners.at(-1)?.begin?.(start, key);
    },
    endEntry(end, value) {
      if (unheard === 0) listeners.at(-1)?.end?.(end, value);
    },
  };
}

function doubled(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const longer = new Uint8Array(bytes.length * 2);
  longer.set(bytes);
  return longer;
}
