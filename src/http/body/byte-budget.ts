import { ClientGoneError, GatewayError } from '../../base/errors.ts';

/** Time after which a large body that found no room can be sent again. */
const RETRY_AFTER_SECONDS = 5;

/** Number of the largest possible bodies that are processed at once. */
export const MAX_LARGEST_BODIES = 8;

/** A limit on the bytes of all request bodies that are being processed at once. */
export interface ByteBudget {
  /** Starts to count the bytes of one request. */
  open(): HeldBytes;
}

/** Bytes that one request holds. */
export interface HeldBytes {
  /**
   * Counts further bytes. Throws a `GatewayError` if there is no room for them, and a `ClientGoneError` after `release`,
   * since nothing would release these.
   */
  add(bytes: number): void;
  /** Returns all bytes to the budget, for good. */
  release(): void;
}

export function createByteBudget(capacityBytes: number): ByteBudget {
  let held = 0;
  return {
    open() {
      let own = 0;
      let isReleased = false;
      return {
        add(bytes) {
          if (isReleased) throw new ClientGoneError();
          if (held + bytes > capacityBytes) {
            throw new GatewayError(
              'queue_full',
              'Rate limit reached: too many bytes of request bodies are being processed at once. Send the request again later.',
              { retryAfter: RETRY_AFTER_SECONDS },
            );
          }
          held += bytes;
          own += bytes;
        },
        release() {
          isReleased = true;
          held -= own;
          own = 0;
        },
      };
    },
  };
}
