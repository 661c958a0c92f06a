import { MAIN_TOKEN } from '../../base/scopes.ts';
import { ClientGoneError, GatewayError } from '../../base/errors.ts';

/** Time after which a large body that found no room can be sent again. */
const RETRY_AFTER_SECONDS = 5;

/** Number of the largest possible bodies that are processed at once. */
export const MAX_LARGEST_BODIES = 8;

/** A limit on the bytes of all request bodies that are being processed at once. */
export interface ByteBudget {
  /** Starts to count the bytes of one request of a caller. */
  open(caller?: string): HeldBytes;
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

/** Share of the bytes that one named token may hold. */
const SHARE = 0.5;

export function createByteBudget(capacityBytes: number): ByteBudget {
  let held = 0;
  /** Bytes of each caller with a share. */
  const shares = new Map<string, number>();

  /** Throws a `GatewayError` if there is no room for further bytes. */
  function take(caller: string | undefined, bytes: number): void {
    const share = caller === undefined ? 0 : (shares.get(caller) ?? 0);
    if (caller !== undefined && share + bytes > SHARE * capacityBytes)
      throw tooManyBytes(' with this API key');
    if (held + bytes > capacityBytes) throw tooManyBytes('');
    held += bytes;
    if (caller !== undefined) shares.set(caller, share + bytes);
  }

  function giveBack(caller: string | undefined, bytes: number): void {
    held -= bytes;
    if (caller === undefined) return;
    const left = (shares.get(caller) ?? 0) - bytes;
    if (left > 0) shares.set(caller, left);
    else shares.delete(caller);
  }

  return {
    open(caller) {
      const sharer = caller === MAIN_TOKEN ? undefined : caller;
      let own = 0;
      let isReleased = false;
      return {
        add(bytes) {
          if (isReleased) throw new ClientGoneError();
          take(sharer, bytes);
          own += bytes;
        },
        release() {
          isReleased = true;
          giveBack(sharer, own);
          own = 0;
        },
      };
    },
  };
}

function tooManyBytes(whose: string): GatewayError {
  return new GatewayError(
    'queue_full',
    `Rate limit reached: too many bytes of request bodies${whose} are being processed at once. Send the request again later.`,
    { retryAfter: RETRY_AFTER_SECONDS },
  );
}
