/** Events that one producer pushes and one consumer iterates, in order: each time all that wait, which is never nothing. */
export interface EventQueue<T> extends AsyncIterable<readonly T[]> {
  /** False when the queue has ended or is full; a full queue fails with the error of `onFull`. */
  push(event: T): boolean;
  /** Ends the iteration once everything pushed has been read. */
  end(): void;
  /** Ends the iteration with an error once everything pushed has been read. */
  fail(error: unknown): void;
}

export interface EventQueueLimits<T> {
  /** How much may wait unread, in the units of `sizeOf`, beside a first event of any size. */
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
      // One event alone may be of any size: nothing waits for the reader then.
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
