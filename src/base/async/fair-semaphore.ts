import { abortable } from './abort.ts';
import { createTurnQueue } from './turn-queue.ts';

/** A semaphore whose permits go to those who ask in turn, however many of them one asks for. */
export interface FairSemaphore {
  /**
   * Waits for a permit, and holds it until the work has settled. Everyone who waits gets the next permit in turn, in the order
   * in which they began to wait; the work of one asker begins in the order in which it came. Rejects with the signal's reason
   * if it aborts before the work has begun; the work itself is not interrupted.
   * @param isFirst Puts the work before everyone's.
   */
  run<T>(asker: string, signal: AbortSignal, work: () => Promise<T>, isFirst?: boolean): Promise<T>;
  /** Number of permits that are held. */
  readonly taken: number;
  readonly waiting: number;
}

export function createFairSemaphore(capacity: number): FairSemaphore {
  const queue = createTurnQueue<PromiseWithResolvers<void>>();
  let taken = 0;

  async function acquire(asker: string, signal: AbortSignal, isFirst: boolean): Promise<void> {
    signal.throwIfAborted();
    if (taken < capacity) {
      taken += 1;
      return;
    }
    const permit = Promise.withResolvers<void>();
    queue.add(asker, permit, isFirst);
    try {
      await abortable(permit.promise, signal);
    } catch (error) {
      // Aborted in the tick in which the permit was handed over: pass it on.
      if (!queue.remove(asker, permit)) release();
      throw error;
    }
  }

  function release(): void {
    const next = queue.takeNext();
    if (next === undefined) taken -= 1;
    else next.resolve();
  }

  return {
    async run(asker, signal, work, isFirst = false) {
      await acquire(asker, signal, isFirst);
      try {
        return await work();
      } finally {
        release();
      }
    },
    get taken() {
      return taken;
    },
    get waiting() {
      return queue.size;
    },
  };
}
