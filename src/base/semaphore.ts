import { abortable } from './abort.ts';

export interface Semaphore {
  /** Waits for a place, first come first served; rejects with the signal's reason when it aborts first. */
  acquire(signal?: AbortSignal): Promise<Release>;
  readonly waiting: number;
  /** Whether all places are taken. */
  readonly isFull: boolean;
}

/** Gives the place back; calling it again does nothing. */
export type Release = () => void;

export function createSemaphore(capacity: number): Semaphore {
  const queue = new Set<PromiseWithResolvers<void>>();
  let taken = 0;

  function createRelease(): Release {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const [next] = queue;
      if (next === undefined) taken -= 1;
      else {
        queue.delete(next);
        next.resolve();
      }
    };
  }

  return {
    async acquire(signal) {
      signal?.throwIfAborted();
      if (taken < capacity) {
        taken += 1;
        return createRelease();
      }
      const turn = Promise.withResolvers<void>();
      queue.add(turn);
      try {
        await (signal === undefined ? turn.promise : abortable(turn.promise, signal));
      } catch (error) {
        // Aborted in the very tick in which the place was handed over: pass it on.
        if (!queue.delete(turn)) createRelease()();
        throw error;
      }
      return createRelease();
    },
    get isFull() {
      return taken >= capacity;
    },
    get waiting() {
      return queue.size;
    },
  };
}
