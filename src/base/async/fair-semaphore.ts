import { abortable } from './abort.ts';

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

type Permit = PromiseWithResolvers<void>;

export function createFairSemaphore(capacity: number): FairSemaphore {
  const first = new Set<Permit>();
  /** The permits that askers wait for; the asker whose turn it is comes first. */
  const lines = new Map<string, Set<Permit>>();
  let taken = 0;
  let waiting = 0;

  function lineOf(asker: string): Set<Permit> {
    const line = lines.get(asker) ?? new Set();
    lines.set(asker, line);
    return line;
  }

  /** Takes the permit out of the queue whose turn it is. */
  function takeNext(): Permit | undefined {
    const [urgent] = first;
    if (urgent !== undefined) {
      first.delete(urgent);
      return urgent;
    }
    const [turn] = lines;
    if (turn === undefined) return undefined;
    const [asker, line] = turn;
    const [permit] = line;
    line.delete(permit!);
    lines.delete(asker);
    if (line.size > 0) lines.set(asker, line);
    return permit;
  }

  /** Returns false for a permit that has left the queue. */
  function giveUp(asker: string, permit: Permit): boolean {
    if (first.delete(permit)) return true;
    const line = lines.get(asker);
    if (line?.delete(permit) !== true) return false;
    if (line.size === 0) lines.delete(asker);
    return true;
  }

  async function acquire(asker: string, signal: AbortSignal, isFirst: boolean): Promise<void> {
    signal.throwIfAborted();
    if (taken < capacity) {
      taken += 1;
      return;
    }
    const permit = Promise.withResolvers<void>();
    (isFirst ? first : lineOf(asker)).add(permit);
    waiting += 1;
    try {
      await abortable(permit.promise, signal);
    } catch (error) {
      if (giveUp(asker, permit)) waiting -= 1;
      // Aborted in the tick in which the permit was handed over: pass it on.
      else release();
      throw error;
    }
  }

  function release(): void {
    const next = takeNext();
    if (next === undefined) {
      taken -= 1;
      return;
    }
    waiting -= 1;
    next.resolve();
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
      return waiting;
    },
  };
}
