import { GatewayError } from '../base/errors.ts';
import { createSemaphore, type Release } from '../base/semaphore.ts';

export interface AdmissionLimits {
  /** Turns that run side by side. */
  readonly running: number;
  /** Turns that wait for one of those places. */
  readonly waiting: number;
}

/** Lets turns in: at once while there is room, after a wait while the queue has room, else not at all. */
export interface Admission {
  enter(signal: AbortSignal): Promise<Release>;
}

export function createAdmission({ running, waiting }: AdmissionLimits): Admission {
  const places = createSemaphore(running);
  return {
    async enter(signal) {
      if (places.isFull && places.waiting >= waiting) {
        throw new GatewayError('queue_full', 'Too many requests wait already. Try again later.', {
          retryAfter: 5,
        });
      }
      return await places.acquire(signal);
    },
  };
}
