import { withTimeout } from './with-timeout.ts';

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
  /**
   * Returns true for an event that may wait for others of its kind, if it comes less than `BATCH_INTERVAL_MS` after them.
   * Without it, every event is handed over at once.
   */
  canWait?(event: T): boolean;
}

/**
 * Maximum number of events in a batch. Their reader handles a batch at once, while everything else waits, and many events
 * wait for a reader that is slow.
 */
export const MAX_BATCH = 1000;

/** Minimum time between batches of events that can wait: most of the work for a small batch is the same for a larger one. */
export const BATCH_INTERVAL_MS = 1;

export function createEventQueue<T>(limits: EventQueueLimits<T>): EventQueue<T> {
  const backlog = createBacklog(limits);
  let end: { readonly error?: unknown } | undefined;
  let wake = () => {};

  function finish(value: typeof end): void {
    end ??= value;
    wake();
  }

  function add(event: T): boolean {
    if (backlog.add(event)) return true;
    finish({ error: limits.onFull() });
    return false;
  }

  function pushAll(added: readonly T[]): boolean {
    const wasEmpty = backlog.isEmpty();
    if (end !== undefined || !added.every(add)) return false;
    // A reader that lets events wait looks for others when their time is over.
    if (wasEmpty || backlog.isUrgent()) wake();
    return true;
  }

  const isReady = () => end !== undefined || backlog.isReady();

  async function change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    if (backlog.isEmpty()) await promise;
    else if ((await withTimeout(promise, BATCH_INTERVAL_MS)) === 'timeout') backlog.waitNoLonger();
  }

  async function next(): Promise<IteratorResult<readonly T[], undefined>> {
    while (!isReady()) await change();
    if (!backlog.isEmpty()) return { done: false, value: backlog.take() };
    if (end !== undefined && 'error' in end) throw end.error;
    return { done: true, value: undefined };
  }

  return {
    push: (event) => pushAll([event]),
    pushAll,
    end: () => finish({}),
    fail: (error) => finish({ error }),
    [Symbol.asyncIterator]: () => ({ next }),
  };
}

/** Creates the list of the events that the reader has not got yet. */
function createBacklog<T>({ capacity, sizeOf, canWait = () => false }: EventQueueLimits<T>) {
  const events: T[] = [];
  let size = 0;
  let isUrgent = false;
  /** Time before which events that can wait do so. */
  let nextBatchAt = 0;
  return {
    isEmpty: () => events.length === 0,
    /** Returns true if there are events that cannot wait. */
    isUrgent: () => isUrgent,
    /** Returns true if there is a batch for the reader. */
    isReady: () => isUrgent || (events.length > 0 && performance.now() >= nextBatchAt),
    waitNoLonger(): void {
      nextBatchAt = 0;
    },
    /** Returns false if there is no room for the event. A single one may have any size. */
    add(event: T): boolean {
      const waiting = size;
      size += sizeOf(event);
      if (waiting > 0 && size > capacity) return false;
      events.push(event);
      isUrgent ||= !canWait(event);
      return true;
    },
    take(): readonly T[] {
      const batch = events.splice(0, MAX_BATCH);
      for (const event of batch) size -= sizeOf(event);
      isUrgent = events.length > 0;
      if (batch.some(canWait)) nextBatchAt = performance.now() + BATCH_INTERVAL_MS;
      return batch;
    },
  };
}
