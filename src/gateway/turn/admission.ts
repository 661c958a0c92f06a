import { GatewayError } from '../../base/errors.ts';
import { createSemaphore } from '../../base/async/semaphore.ts';
import type { Observer } from '../../base/observation.ts';

export interface AdmissionLimits {
  /** Maximum number of turns that run side by side. */
  readonly running: number;
  /** Maximum number of turns that wait for one of those places. */
  readonly waiting: number;
}

/** Turns that hold a place, and turns that wait for one. */
export interface TurnCounts {
  readonly running: number;
  readonly waiting: number;
}

/** Admits turns: at once while there is a place, later while the queue has room, else not at all. */
export interface Admission {
  /** Runs the work of a turn once there is a place, and holds the place until the work has settled. */
  run(signal: AbortSignal, work: () => Promise<void>): Promise<void>;
  count(): TurnCounts;
}

export function createAdmission({ running, waiting }: AdmissionLimits, observer: Observer): Admission {
  const places = createSemaphore(running);
  let held = 0;
  return {
    count: () => ({ running: held, waiting: places.waiting }),
    async run(signal, work) {
      if (places.isFull && places.waiting >= waiting) {
        throw new GatewayError(
          'queue_full',
          'Rate limit reached: too many requests wait for a place. Try again later.',
          { retryAfter: 5 },
        );
      }
      const submittedAt = performance.now();
      if (places.isFull) observer.observe({ type: 'turn-queued', running, waiting: places.waiting + 1 });
      await places.run(signal, async () => {
        observer.observe({ type: 'turn-admitted', waitedMs: Math.round(performance.now() - submittedAt) });
        held += 1;
        try {
          await work();
        } finally {
          held -= 1;
        }
      });
    },
  };
}
