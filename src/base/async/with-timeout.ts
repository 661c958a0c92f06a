/** Settles like `promise`, or resolves to `'timeout'` after the given milliseconds. */
export async function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<T | 'timeout'> {
  const { promise: silence, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(resolve, milliseconds, 'timeout');
  return await Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}
