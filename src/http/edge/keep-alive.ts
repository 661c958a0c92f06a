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

/** The values of a source, and beats between them. */
export interface KeptAlive<T> extends AsyncIterableIterator<T, undefined> {
  /** Ends the iteration without waiting for the source. */
  return(): Promise<IteratorReturnResult<undefined>>;
}

/** Yields what the source yields, with a beat whenever the reader has waited for an interval. */
export function withKeepAlive<T>(
  source: AsyncIterable<T>,
  { intervalMs, from, beat }: KeepAlive<T>,
): KeptAlive<T> {
  const iterator = source[Symbol.asyncIterator]();
  const silence = createSilenceTimer(intervalMs, from);
  /** The next value, until the reader has it. */
  let pending: Promise<IteratorResult<T>> | undefined;
  let beats = 0;
  return {
    async next() {
      pending ??= iterator.next();
      if (await silence.comesBefore(pending)) {
        beats += 1;
        return { done: false, value: beat(beats) };
      }
      const value = pending;
      pending = undefined;
      beats = 0;
      const result = await value;
      if (result.done === true) silence.stop();
      return result;
    },
    async return() {
      silence.stop();
      iterator.return?.().catch(() => {});
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** Notices silence with one timer, which looks at the time when it fires instead of being set anew for each value. */
interface SilenceTimer {
  /** Resolves to true after an interval of silence, else to false when the promise has settled; never rejects. */
  comesBefore(promise: Promise<unknown>): Promise<boolean>;
  stop(): void;
}

function createSilenceTimer(intervalMs: number, from: Promise<void> | undefined): SilenceTimer {
  let isCounting = false;
  let isStopped = false;
  let since = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onSilence = () => {};

  function wait(ms: number): void {
    timer = setTimeout(() => {
      const left = intervalMs - (performance.now() - since);
      timer = undefined;
      if (left > 0) wait(Math.ceil(left));
      else onSilence();
    }, ms);
  }

  function count(): void {
    isCounting = true;
    since = performance.now();
    if (timer === undefined && !isStopped) wait(intervalMs);
  }

  function stop(): void {
    isStopped = true;
    clearTimeout(timer);
  }

  if (from) {
    const begin = () => {
      if (!isCounting) count();
    };
    from.then(begin, begin);
  } else {
    isCounting = true;
  }

  return {
    stop,
    comesBefore(promise) {
      const { promise: first, resolve } = Promise.withResolvers<boolean>();
      const arrive = () => {
        // The first value begins the answer, even before `from`.
        isCounting = true;
        resolve(false);
      };
      const fail = () => {
        stop();
        resolve(false);
      };
      promise.then(arrive, fail);
      onSilence = () => resolve(true);
      if (isCounting) count();
      return first;
    },
  };
}
