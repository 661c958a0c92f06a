/**
 * Passes events from one producer to one consumer. Each step of the iteration yields all waiting events, at
 * least one and at most `MAX_BATCH`.
 */
export interface EventQueue<T> extends AsyncIterable<readonly T[]> {
  /** Returns false when the queue has ended or is full; a full queue fails with the error from `onFull`. */
  push(event: T): boolean;
  /** Pushes events one after another, until the queue is full. */
  pushAll(events: readonly T[]): boolean;
  /** Ends the iteration once everything pushed has been read. */
  end(): void;
  /** Ends the iteration with an error once everything pushed has been read. */
  fail(error: unknown): void;
}

export interface EventQueueLimits<T> {
  /**
   * Maximum size of the unread events, in units of `sizeOf`; one event may exceed it if nothing else waits.
   */
  readonly capacity: number;
  sizeOf(event: T): number;
  onFull(): Error;
}

/**
 * Maximum number of events in a batch. Their reader handles a batch at once, while everything else waits, and many events
 * wait for a reader that is slow.
 */
export const MAX_BATCH = 1000;

export function createEventQueue<T>(limits: EventQueueLimits<T>): EventQueue<T> {
  let events: T[] = [];
  let size = 0;
  let end: { readonly error?: unknown } | undefined;
  let wake: (() => void) | undefined;

  function finish(value: typeof end): void {
    end ??= value;
    wake?.();
  }

  const sum = (batch: readonly T[]) => batch.reduce((total, event) => total + limits.sizeOf(event), 0);

  function add(event: T): boolean {
    const waiting = size;
    size += limits.sizeOf(event);
    // A single event may have any size.
    if (waiting > 0 && size > limits.capacity) {
      finish({ error: limits.onFull() });
      return false;
    }
    events.push(event);
    return true;
  }

  function pushAll(added: readonly T[]): boolean {
    if (end !== undefined || !added.every(add)) return false;
    wake?.();
    return true;
  }

  async function next(): Promise<IteratorResult<readonly T[], undefined>> {
    while (events.length === 0) {
      if (end === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else {
        if ('error' in end) throw end.error;
        return { done: true, value: undefined };
      }
    }
    const batch = events.splice(0, MAX_BATCH);
    size = events.length === 0 ? 0 : size - sum(batch);
    return { done: false, value: batch };
  }

  return {
    push: (event) => pushAll([event]),
    pushAll,
    end: () => finish({}),
    fail: (error) => finish({ error }),
    [Symbol.asyncIterator]: () => ({ next }),
  };
}
