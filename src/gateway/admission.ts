import { GatewayError } from '../base/errors.ts';
import { createSemaphore } from '../base/async/semaphore.ts';

export interface AdmissionLimits {
  /** Turns that run side by side. */
  readonly running: number;
  /** Turns that wait for one of those places. */
  readonly waiting: number;
}

/** Lets turns in: at once while there is room, after a wait while the queue has room, else not at all. */
export interface Admission {
  /** Runs the work of a turn once there is a place, which it holds until it has settled. */
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
