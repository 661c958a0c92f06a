import { withTimeout } from '../../base/async/with-timeout.ts';

/** Intervals at which an answer that has nothing to send yet shows that it is alive. */
export interface KeepAliveTimes {
  /** Silence before a comment is sent in a stream. */
  readonly commentMs: number;
  /** Silence before an empty chunk is sent in a stream, for clients that ignore comments. */
  readonly heartbeatMs: number;
  /** Time until the first space is sent before a JSON answer; 0 sends none. */
  readonly firstSpaceMs: number;
  /** Time between further spaces. */
  readonly nextSpaceMs: number;
}

export interface KeepAlive<T> {
  /** Silence before a beat is sent. */
  readonly intervalMs: number;
  /** Settles when silence begins to count; without it, silence counts at once. */
  readonly from?: Promise<void> | undefined;
  /** Returns the nth beat in a row, counted from 1. */
  beat(count: number): T;
}

/** Yields what the source yields, with a beat whenever the source has been silent for an interval. */
export async function* withKeepAlive<T>(
  source: AsyncIterable<T>,
  keepAlive: KeepAlive<T>,
): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  let beats = 0;
  try {
    // A failure of the source is thrown below.
    if (keepAlive.from) await Promise.race([next, keepAlive.from]).catch(() => {});
    for (;;) {
      const result = await withTimeout(next, keepAlive.intervalMs);
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
    // After an early return nobody reads the pending event, so its failure must not become an unhandled rejection.
    next.catch(() => {});
    iterator.return?.().catch(() => {});
  }
}
