import { GatewayError } from '../base/errors.ts';

/** The caller's key of a request. */
export interface SentKey {
  readonly key: string;
  /** Differs between any two requests that are not the same. */
  readonly digest: string;
}

/** Sends each message once, however often its request comes. */
export interface SentKeys<T> {
  /** Resolves to the outcome of the first request with the key. Rejects if that was another one. */
  once(sent: SentKey, send: () => Promise<T>): Promise<T>;
}

/** @param find Returns the outcome of an earlier request with the key. */
export function createSentKeys<T>(
  find: (key: string) => { readonly digest: string | undefined; outcome(): T } | undefined,
): SentKeys<T> {
  const sending = new Map<string, { readonly digest: string; readonly outcome: Promise<T> }>();

  return {
    async once({ key, digest }, send) {
      const current = sending.get(key);
      const known = find(key);
      const earlier = current ?? known;
      if (earlier !== undefined && earlier.digest !== digest)
        throw new GatewayError(
          'idempotency_mismatch',
          'This Idempotency-Key was sent with another request; send a new key with each request.',
        );
      if (current !== undefined) return await current.outcome;
      if (known !== undefined) return known.outcome();
      const outcome = send();
      sending.set(key, { digest, outcome });
      try {
        return await outcome;
      } finally {
        sending.delete(key);
      }
    },
  };
}
