/** Events of which everything else is ended, by `left`, when they are left or fail. */
export async function* untilLeft<T>(events: AsyncIterable<T>, left: AbortController): AsyncGenerator<T> {
  try {
    yield* events;
  } finally {
    left.abort();
  }
}
