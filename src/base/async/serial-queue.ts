/** Tasks that are run one after another, in their order. */
export interface SerialQueue<T> {
  /** False where too much waits already, or the line has ended. */
  push(task: T): boolean;
  /** Takes nothing more; resolves to what has never run, once what is running has ended. */
  end(): Promise<readonly T[]>;
}

export interface SerialQueueLimits<T> {
  /** How many may wait. */
  readonly count: number;
  /** How much may wait, in the units of `sizeOf`, beside a first task of any size. */
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
