/**
 * Yields the values of all sources as they arrive. Ends when all sources have ended; stops them when the
 * consumer returns or one fails.
 */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const arrivals = createArrivals(iterators);
  try {
    for (const index of iterators.keys()) arrivals.request(index);
    for (let running = iterators.length; running > 0;) {
      const { index, result } = await arrivals.next();
      if (result.done === true) {
        running -= 1;
        continue;
      }
      yield result.value;
      arrivals.request(index);
    }
  } finally {
    for (const iterator of iterators) void iterator.return?.()?.catch(() => {});
  }
}

interface Arrival<T> {
  readonly index: number;
  readonly result: IteratorResult<T>;
}

/**
 * Yields results of the requested iterators in order of arrival. A race of promises would retain memory for
 * each value as long as one iterator stays silent.
 */
function createArrivals<T>(iterators: readonly AsyncIterator<T>[]) {
  const arrived: Promise<Arrival<T>>[] = [];
  let wake = Promise.withResolvers<void>();
  return {
    request(index: number): void {
      const arrival = iterators[index]!.next().then((result) => ({ index, result }));
      const arrive = () => {
        arrived.push(arrival);
        wake.resolve();
      };
      arrival.then(arrive, arrive);
    },
    async next(): Promise<Arrival<T>> {
      while (arrived.length === 0) {
        wake = Promise.withResolvers();
        await wake.promise;
      }
      return await arrived.shift()!;
    },
  };
}
