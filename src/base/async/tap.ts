/** Calls a function for each value and passes the values on, without an extra microtask for each. */
export function tap<T>(source: AsyncIterable<T>, onValue: (value: T) => void): AsyncIterable<T> {
  return {
    [Symbol.asyncIterator]() {
      const iterator = source[Symbol.asyncIterator]();
      return {
        async next() {
          const result = await iterator.next();
          if (result.done !== true) onValue(result.value);
          return result;
        },
        return: async (value) => (await iterator.return?.(value)) ?? { done: true, value: undefined },
      };
    },
  };
}
