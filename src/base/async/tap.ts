/** Calls a function for each value and passes the values on. `explain` returns the error that the reader sees. */
export function tap<T>(
  source: AsyncIterable<T>,
  onValue: (value: T) => void,
  explain: (error: unknown) => unknown = (error) => error,
): AsyncIterable<T> {
  function note(result: IteratorResult<T>): IteratorResult<T> {
    if (result.done !== true) onValue(result.value);
    return result;
  }
  function fail(error: unknown): never {
    throw explain(error);
  }
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      return {
        next: () => iterator.next().then(note, fail),
        return: async (value) => (await iterator.return?.(value)) ?? { done: true, value: undefined },
      };
    },
  };
}
