import { abortable } from './abort.ts';

export interface Semaphore {
  /**
   * Waits for a permit in order of arrival, and holds it until the work has settled. Rejects with the
   * signal's reason if it aborts before the work has begun; the work itself is not interrupted.
   */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  readonly waiting: number;
  /** True while all permits are taken. */
  readonly isFull: boolean;
}

export function createSemaphore(capacity: number): Semaphore {
  const queue = new Set<PromiseWithResolvers<void>>();
  let taken = 0;

  async function acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (taken < capacity) {
      taken += 1;
      return;
    }
    const permit = Promise.withResolvers<void>();
    queue.add(permit);
    try {
      await abortable(permit.promise, signal);
    } catch (error) {
      // Aborted in the tick in which the permit was handed over: pass it on.
      if (!queue.delete(permit)) release();
      throw error;
    }
  }

  function release(): void {
    const [next] = queue;
    if (next === undefined) taken -= 1;
    else {
      queue.delete(next);
      next.resolve();
    }
  }

  return {
    async run(signal, work) {
      await acquire(signal);
      try {
        return await work();
      } finally {
        release();
      }
    },
    get isFull() {
      return taken >= capacity;
    },
    get waiting() {
      return queue.size;
    },
  };
}
