/**
 * Calls functions that close something, each after the one before it has settled. A failure keeps none of the others from
 * being called; the first one is thrown at the end.
 */
export async function closeInOrder(closers: readonly (() => Promise<unknown> | undefined)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const close of closers) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
