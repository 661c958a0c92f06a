/** Settles as `promise` does, or resolves to `'silence'` when the milliseconds pass first. */
export async function orSilence<T>(promise: Promise<T>, milliseconds: number): Promise<T | 'silence'> {
  const { promise: silence, resolve } = Promise.withResolvers<'silence'>();
  const timer = setTimeout(resolve, milliseconds, 'silence');
  return await Promise.race([promise, silence]).finally(() => clearTimeout(timer));
}
