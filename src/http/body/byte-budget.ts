import { ClientGoneError } from '../../base/client-gone.ts';
import { GatewayError } from '../../base/errors.ts';

/** Seconds after which a large body that found no room can be sent again. */
const RETRY_AFTER = 5;

/** A bound on the bytes of all request bodies that are under way together. */
export interface ByteBudget {
  /** Starts to count for one request. */
  open(): HeldBytes;
}

/** Bytes of one request. */
export interface HeldBytes {
  /**
   * Counts further bytes; throws a `GatewayError` if there is no room for them, and a `ClientGoneError` after `release`:
   * nothing would ever give these back.
   */
  add(bytes: number): void;
  /** Gives all of them back, for good. */
  release(): void;
}

export function createByteBudget(capacity: number): ByteBudget {
  let held = 0;
  return {
    open() {
      let own = 0;
      let isReleased = false;
      return {
        add(bytes) {
          if (isReleased) throw new ClientGoneError();
          if (held + bytes > capacity) {
            throw new GatewayError(
              'queue_full',
              'Rate limit reached: too many bytes of request bodies are being processed at once. Send the request again later.',
              { retryAfter: RETRY_AFTER },
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
