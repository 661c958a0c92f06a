import { GatewayError } from '../../base/errors.ts';
import { MAX_ANSWER_CHARACTERS } from '../../conversation/turn-event.ts';

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
const MAX_KEPT_SIZE = MAX_ANSWER_CHARACTERS;

interface Entry {
  readonly fingerprint: string;
  readonly answer: object;
  /** Undefined for an answer that has not ended. */
  size: number | undefined;
  /** Frees the key of an answer that has ended. */
  timer?: NodeJS.Timeout;
}

export function createIdempotencyKeys(): IdempotencyKeys {
  const entries = new Map<string, Entry>();

  function forget(key: string, answer: object): void {
    const entry = entries.get(key);
    if (entry?.answer === answer) drop(entries, key, entry);
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
      entry.timer = setTimeout(forget, KEPT, key, answer).unref();
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
  for (const [key, entry] of [...entries].toReversed()) {
    if (entry.size === undefined) continue;
    count += 1;
    total += entry.size;
    if (count > MAX_KEPT || total > MAX_KEPT_SIZE) drop(entries, key, entry);
  }
}

/** Drops an answer. Its timer would hold it in memory until the minute is over. */
function drop(entries: Map<string, Entry>, key: string, { timer }: Entry): void {
  clearTimeout(timer);
  entries.delete(key);
}
