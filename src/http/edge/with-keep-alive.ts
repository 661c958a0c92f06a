import { withTimeout } from '../../base/async/with-timeout.ts';

/** What to say while the source is silent. */
export interface KeepAlive<T> {
  /** Milliseconds of silence until a beat. */
  readonly interval: number;
  /** Settles when silence begins to count; it counts at once where this is absent. */
  readonly from?: Promise<void> | undefined;
  /** The nth beat in a row, from 1. */
  beat(count: number): T;
}

/** What the source brings, in order, with a beat between them whenever it has been silent for an interval. */
export async function* withKeepAlive<T>(
  source: AsyncIterable<T>,
  keepAlive: KeepAlive<T>,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  let beats = 0;
  try {
    // A failure is met below.
    if (keepAlive.from) await Promise.race([next, keepAlive.from]).catch(() => {});
    for (;;) {
      const result = await withTimeout(next, keepAlive.interval);
      if (result === 'timeout') {
        beats += 1;
        yield keepAlive.beat(beats);
        continue;
      }
      if (result.done === true) return;
      beats = 0;
      yield result.value;
      next = iterator.next();
    }
  } finally {
    // Left in the middle: what is still to come has no reader, a failure neither.
    next.catch(() => {});
    iterator.return?.().catch(() => {});
  }
}
