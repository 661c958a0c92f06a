const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Settles with the next signal that asks the process to end; until then none ends it by itself. Once `over` aborts,
 * signals do what they usually do again.
 */
export async function nextSignal(over?: AbortSignal): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  const stop = () => {
    for (const name of SIGNALS) process.off(name, resolve);
  };
  for (const name of SIGNALS) process.once(name, resolve);
  over?.addEventListener('abort', stop, { once: true });
  return await promise.finally(stop);
}
