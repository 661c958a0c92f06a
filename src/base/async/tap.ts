/** Calls a function for each value and passes the values on. */
export function tap<T>(source: AsyncIterable<T>, onValue: (value: T) => void): AsyncIterable<T> {
  function note(result: IteratorResult<T>): IteratorResult<T> {
    if (result.done !== true) onValue(result.value);
    return result;
  }
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      return {
        next: () => iterator.next().then(note),
        return: async (value) => (await iterator.return?.(value)) ?? { done: true, value: undefined },
      };
    },
  };
}
