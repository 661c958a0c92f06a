/** Never aborts: for work that nothing interrupts. */
export const NEVER_ABORTED = new AbortController().signal;

/** Settles like `promise`, or rejects with the signal's reason as soon as the signal is aborted. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    // The race handles both rejections, so that neither stays unhandled.
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
