/** Settles as `promise` does, or resolves to `'timeout'` when the milliseconds pass first. */
export async function withTimeout<T>(promise: Promise<T>, milliseconds: number): Promise<T | 'timeout'> {
  const { promise: silence, resolve } = Promise.withResolvers<'timeout'>();
  const timer = setTimeout(resolve, milliseconds, 'timeout');
  return await Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}
