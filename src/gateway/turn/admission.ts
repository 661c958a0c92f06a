import { GatewayError } from '../../base/errors.ts';
import { createSemaphore } from '../../base/async/semaphore.ts';

export interface AdmissionLimits {
  /** Maximum number of turns that run side by side. */
  readonly running: number;
  /** Maximum number of turns that wait for one of those places. */
  readonly waiting: number;
}

/** Admits turns: at once while there is a place, later while the queue has room, else not at all. */
export interface Admission {
  /** Runs the work of a turn once there is a place, and holds the place until the work has settled. */
  run(signal: AbortSignal, work: () => Promise<void>): Promise<void>;
}

export function createAdmission({ running, waiting }: AdmissionLimits): Admission {
  const places = createSemaphore(running);
  return {
    async run(signal, work) {
      if (places.isFull && places.waiting >= waiting) {
        throw new GatewayError(
          'queue_full',
          'Rate limit reached: too many requests wait for a place. Try again later.',
          { retryAfter: 5 },
        );
      }
      await places.run(signal, work);
    },
  };
}
