/** Writes what has changed at once, and further changes together after a while. */
export interface LazyWrite {
  touch(): void;
  /** Writes what has not been written. */
  close(): Promise<void>;
}

/** @param write Must not reject. */
export function createLazyWrite(pauseMs: number, write: () => Promise<void>): LazyWrite {
  let timer: NodeJS.Timeout | undefined;
  let writing = Promise.resolve();
  let writtenAt = -Infinity;

  function begin(): void {
    timer = undefined;
    writtenAt = performance.now();
    writing = writing.then(write);
  }

  return {
    touch() {
      timer ??= setTimeout(begin, Math.max(0, writtenAt + pauseMs - performance.now())).unref();
    },
    async close() {
      if (timer !== undefined) {
        clearTimeout(timer);
        begin();
      }
      await writing;
    },
  };
}
