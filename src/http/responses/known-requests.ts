import { idempotencyMismatch, KEPT } from '../../gateway/shared-answers.ts';
import type { Idempotency } from '../idempotency.ts';

/** Requests that are known when they are sent again, by their keys. */
export interface KnownRequests {
  /** The id of the response to it, if there is one; throws where the key stands for another request. */
  find(again: Idempotency): string | undefined;
  remember(again: Idempotency, id: string): void;
  /** The response has ended: a good one is known for a while yet. */
  letGo(again: Idempotency, id: string, isGood: boolean): void;
}

/** The oldest are forgotten first. */
const MAX_KNOWN = 1000;

export function createKnownRequests(): KnownRequests {
  const known = new Map<string, { readonly id: string; readonly fingerprint: string }>();

  function forget(key: string, id: string): void {
    if (known.get(key)?.id === id) known.delete(key);
  }

  return {
    find({ key, fingerprint }) {
      const before = known.get(key);
      if (before && before.fingerprint !== fingerprint) throw idempotencyMismatch();
      return before?.id;
    },
    remember({ key, fingerprint }, id) {
      known.set(key, { id, fingerprint });
      for (const oldest of [...known.keys()].slice(0, -MAX_KNOWN)) known.delete(oldest);
    },
    letGo({ key }, id, isGood) {
      if (isGood) setTimeout(forget, KEPT, key, id).unref();
      else forget(key, id);
    },
  };
}
