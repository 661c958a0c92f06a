/**
 * Passes events from one producer to one consumer. Each step of the iteration yields all waiting events, at
 * least one.
 */
export interface EventQueue<T> extends AsyncIterable<readonly T[]> {
  /** Returns false when the queue has ended or is full; a full queue fails with the error from `onFull`. */
  push(event: T): boolean;
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

type End = { readonly error?: unknown };

export function createEventQueue<T>(limits: EventQueueLimits<T>): EventQueue<T> {
  let events: T[] = [];
  let size = 0;
  let end: End | undefined;
  let wake = Promise.withResolvers<void>();

  function finish(value: End) {
    end ??= value;
    wake.resolve();
  }

  return {
    push(event) {
      if (end !== undefined) return false;
      const waiting = size;
      size += limits.sizeOf(event);
      // A single event may have any size.
      if (waiting > 0 && size > limits.capacity) {
        finish({ error: limits.onFull() });
        return false;
      }
      events.push(event);
      wake.resolve();
      return true;
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),
    async *[Symbol.asyncIterator]() {
      for (;;) {
        if (events.length > 0) {
          const batch = events;
          events = [];
          size = 0;
          yield batch;
        } else if (end === undefined) {
          wake = Promise.withResolvers<void>();
          await wake.promise;
        } else {
          if ('error' in end) throw end.error;
          return;
        }
      }
    },
  };
}
