/** A value of one of several sources. */
export interface Merged<T> {
  /** Which source, from 0. */
  readonly index: number;
  readonly value: T;
}

/** The values of all sources as they come. Ends when all have ended, and ends them when it is left or one fails. */
export async function* merge<T>(sources: readonly AsyncIterable<T>[]): AsyncGenerator<Merged<T>> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const arrivals = createArrivals(iterators);
  try {
    for (const index of iterators.keys()) arrivals.ask(index);
    for (let running = iterators.length; running > 0;) {
      const { index, result } = await arrivals.next();
      if (result.done === true) {
        running -= 1;
        continue;
      }
      yield { index, value: result.value };
      arrivals.ask(index);
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
 * What the iterators that were asked bring, in the order in which it comes. Not by a race of promises, which would keep
 * something of each value for as long as one of the iterators is silent.
 */
function createArrivals<T>(iterators: readonly AsyncIterator<T>[]) {
  const arrived: Promise<Arrival<T>>[] = [];
  let wake = Promise.withResolvers<void>();
  return {
    ask(index: number): void {
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
