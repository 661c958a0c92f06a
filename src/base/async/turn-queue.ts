/** A queue in which those who wait get their turns one after another, however many values one of them has in it. */
export interface TurnQueue<T> {
  /** @param isFirst Puts the value before those of everyone. */
  add(asker: string, value: T, isFirst: boolean): void;
  /** Takes out the value whose turn it is. */
  takeNext(): T | undefined;
  /** Returns false for a value that is not in the queue. */
  remove(asker: string, value: T): boolean;
  readonly size: number;
}

export function createTurnQueue<T>(): TurnQueue<T> {
  const first = new Set<T>();
  /** The values of those who wait; the asker whose turn it is comes first. */
  const lines = new Map<string, Set<T>>();
  let size = 0;

  function takeFromLine(): T | undefined {
    const [turn] = lines;
    if (turn === undefined) return undefined;
    const [asker, line] = turn;
    const [value] = line;
    line.delete(value!);
    lines.delete(asker);
    if (line.size > 0) lines.set(asker, line);
    return value;
  }

  return {
    add(asker, value, isFirst) {
      const line = isFirst ? first : (lines.get(asker) ?? new Set());
      if (!isFirst) lines.set(asker, line);
      line.add(value);
      size += 1;
    },
    takeNext() {
      if (size === 0) return undefined;
      size -= 1;
      const [urgent] = first;
      if (urgent === undefined) return takeFromLine();
      first.delete(urgent);
      return urgent;
    },
    remove(asker, value) {
      const line = lines.get(asker);
      if (!first.delete(value) && line?.delete(value) !== true) return false;
      if (line?.size === 0) lines.delete(asker);
      size -= 1;
      return true;
    },
    get size() {
      return size;
    },
  };
}
