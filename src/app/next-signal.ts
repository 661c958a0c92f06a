const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Settles with the next signal that asks the process to end; until then none ends it by itself. */
export async function nextSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const name of SIGNALS) process.once(name, resolve);
  const signal = await promise;
  for (const name of SIGNALS) process.off(name, resolve);
  return signal;
}
