import { GatewayError } from '../base/errors.ts';
import { MAX_ANSWER } from '../conversation/turn-event.ts';

/** A request with a key by which it is known again. */
export interface KeyedRequest {
  readonly key: string;
  /** Tells two requests apart, also those of two routes. */
  readonly fingerprint: string;
}

/** Keys of all routes, each with what answers its request. */
export interface IdempotencyKeys {
  /** Returns what answers the request of the key, if anything does; throws where the key stands for another request. */
  find<T extends object>(request: KeyedRequest): T | undefined;
  /** Lets the key stand for a request that has begun. */
  hold(request: KeyedRequest, answer: object): void;
  /** Lets the key stand for an answer that has ended well for a minute more; `size` is in characters. */
  keep(key: string, answer: object, size: number): void;
  /** Frees the key, unless it stands for another answer by now. */
  forget(key: string, answer: object): void;
}

/** Milliseconds for which a key stands for an answer after its end. */
const KEPT = 60_000;

/** Answers that are kept after their end, and the characters of all of them. */
const MAX_KEPT = 100;
const MAX_KEPT_SIZE = MAX_ANSWER;

interface Entry {
  readonly fingerprint: string;
  readonly answer: object;
  /** Undefined for an answer that has not ended. */
  size: number | undefined;
}

export function createIdempotencyKeys(): IdempotencyKeys {
  const entries = new Map<string, Entry>();

  function forget(key: string, answer: object): void {
    if (entries.get(key)?.answer === answer) entries.delete(key);
  }

  return {
    find<T extends object>({ key, fingerprint }: KeyedRequest) {
      const entry = entries.get(key);
      if (entry !== undefined && entry.fingerprint !== fingerprint) throw idempotencyMismatch();
      // Requests that are the same have answers of the same kind.
      return entry?.answer as T | undefined;
    },
    hold({ key, fingerprint }, answer) {
      entries.set(key, { fingerprint, answer, size: undefined });
    },
    keep(key, answer, size) {
      const entry = entries.get(key);
      if (entry?.answer !== answer) return;
      entry.size = size;
      setTimeout(forget, KEPT, key, answer).unref();
      trim(entries);
    },
    forget,
  };
}

function idempotencyMismatch(): GatewayError {
  return new GatewayError(
    'idempotency_mismatch',
    'This Idempotency-Key was sent with another request; send a new key with each request.',
  );
}

/** Drops the oldest of the answers that are too many. */
function trim(entries: Map<string, Entry>): void {
  let count = 0;
  let total = 0;
  for (const [key, { size }] of [...entries].toReversed()) {
    if (size === undefined) continue;
    count += 1;
    total += size;
    if (count > MAX_KEPT || total > MAX_KEPT_SIZE) entries.delete(key);
  }
}
