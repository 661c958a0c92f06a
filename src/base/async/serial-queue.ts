/** Runs tasks one after another, in order. */
export interface SerialQueue<T> {
  /** Returns false when the queue is full or has ended. */
  push(task: T): boolean;
  /** Refuses new tasks; resolves to the tasks that never ran, once the running task has ended. */
  end(): Promise<readonly T[]>;
}

export interface SerialQueueLimits<T> {
  /** Maximum number of waiting tasks. */
  readonly count: number;
  /**
   * Maximum size of the waiting tasks, in units of `sizeOf`; one task may exceed it if nothing else waits.
   */
  readonly capacity: number;
  sizeOf(task: T): number;
}

/** @param run Must not reject. */
export function createSerialQueue<T>(
  run: (task: T) => Promise<void>,
  limits: SerialQueueLimits<T>,
): SerialQueue<T> {
  const waiting: T[] = [];
  let size = 0;
  let hasEnded = false;
  let running: Promise<void> | undefined;

  async function work(): Promise<void> {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift()) {
      size -= limits.sizeOf(task);
      await run(task);
    }
    running = undefined;
  }

  return {
    push(task) {
      const next = size + limits.sizeOf(task);
      const isFull = waiting.length >= limits.count || (waiting.length > 0 && next > limits.capacity);
      if (hasEnded || isFull) return false;
      waiting.push(task);
      size = next;
      running ??= work();
      return true;
    },
    async end() {
      hasEnded = true;
      const left = waiting.splice(0);
      await running;
      return left;
    },
  };
}
