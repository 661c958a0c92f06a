/** Yields the values of batches one by one. */
export async function* flatten<T>(batches: AsyncIterable<readonly T[]>): AsyncGenerator<T> {
  for await (const batch of batches) {
    for (const value of batch) yield value;
  }
}
