/** Passes values on, and calls `abort` when their reader leaves before the end or when they fail. */
export function abortOnReturn<T>(
  source: AsyncIterable<T>,
  abort: (reason?: unknown) => void,
): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      function fail(error: unknown): never {
        abort(error);
        throw error;
      }
      return {
        next: () => iterator.next().catch(fail),
        async return(value) {
          // First, so that a value that is still awaited keeps nobody waiting.
          abort();
          return (await iterator.return?.(value)) ?? { done: true, value: undefined };
        },
      };
    },
  };
}
