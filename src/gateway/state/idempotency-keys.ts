import { GatewayError } from '../../base/errors.ts';
import { MAX_ANSWER_CHARACTERS } from '../../conversation/turn-event.ts';

/** A request with a key by which it is recognized when it is sent again. */
export interface KeyedRequest {
  readonly key: string;
  /** Differs between any two requests, also those of two routes. */
  readonly fingerprint: string;
}

/** The keys of all routes, each with the answer to its request. */
export interface IdempotencyKeys {
  /** Returns the answer to the request of the key, if there is one; throws if the key belongs to another request. */
  find<T extends object>(request: KeyedRequest): T | undefined;
  /** Assigns the key to a request that has begun. */
  hold(request: KeyedRequest, answer: object): void;
  /** Keeps an answer that has ended well under its key for a minute more; `size` is in characters. */
  keep(key: string, answer: object, size: number): void;
  /** Frees the key, unless it belongs to another answer by now. */
  forget(key: string, answer: object): void;
}

/** Time for which an answer is kept under its key after its end. */
const KEPT_MS = 60_000;

/** Maximum number of answers that are kept after their end, and maximum characters of all of them. */
const MAX_KEPT = 100;
const MAX_KEPT_SIZE = MAX_ANSWER_CHARACTERS;

interface KeyedAnswer {
  readonly fingerprint: string;
  readonly answer: object;
  /** Characters of an answer that has ended. */
  size: number | undefined;
  /** Frees the key of an answer that has ended. */
  timer?: NodeJS.Timeout;
}

export function createIdempotencyKeys(): IdempotencyKeys {
  const entries = new Map<string, KeyedAnswer>();

  function forget(key: string, answer: object): void {
    const entry = entries.get(key);
    if (entry?.answer === answer) drop(entries, key, entry);
  }

  return {
    find<T extends object>({ key, fingerprint }: KeyedRequest) {
      const entry = entries.get(key);
      if (entry !== undefined && entry.fingerprint !== fingerprint) throw idempotencyMismatch();
      // Equal requests have answers of the same type.
      return entry?.answer as T | undefined;
    },
    hold({ key, fingerprint }, answer) {
      entries.set(key, { fingerprint, answer, size: undefined });
    },
    keep(key, answer, size) {
      const entry = entries.get(key);
      if (entry?.answer !== answer) return;
      entry.size = size;
      entry.timer = setTimeout(forget, KEPT_MS, key, answer).unref();
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

/** Drops the oldest answers over the limits. */
function trim(entries: Map<string, KeyedAnswer>): void {
  let count = 0;
  let total = 0;
  for (const [key, entry] of [...entries].toReversed()) {
    if (entry.size === undefined) continue;
    count += 1;
    total += entry.size;
    if (count > MAX_KEPT || total > MAX_KEPT_SIZE) drop(entries, key, entry);
  }
}

/** Drops an answer, and its timer, which would hold it in memory until the minute is over. */
function drop(entries: Map<string, KeyedAnswer>, key: string, { timer }: KeyedAnswer): void {
  clearTimeout(timer);
  entries.delete(key);
}
