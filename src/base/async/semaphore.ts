import { abortable } from './abort.ts';

export interface Semaphore {
  /**
   * Waits for a place, first come first served, and holds it until the work has settled. Rejects with the signal's reason
   * when that aborts before the work has begun; the work itself is not interrupted.
   */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>;
  readonly waiting: number;
  /** True while all places are taken. */
  readonly isFull: boolean;
}

export function createSemaphore(capacity: number): Semaphore {
  const queue = new Set<PromiseWithResolvers<void>>();
  let taken = 0;

  async function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (taken < capacity) {
      taken += 1;
      return;
    }
    const turn = Promise.withResolvers<void>();
    queue.add(turn);
    try {
      await abortable(turn.promise, signal);
    } catch (error) {
      // Aborted in the very tick in which the place was handed over: pass it on.
      if (!queue.delete(turn)) leave();
      throw error;
    }
  }

  function leave(): void {
    const [next] = queue;
    if (next === undefined) taken -= 1;
    else {
      queue.delete(next);
      next.resolve();
    }
  }

  return {
    async run(signal, work) {
      await enter(signal);
      try {
        return await work();
      } finally {
        leave();
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
