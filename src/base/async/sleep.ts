import { abortable } from './abort.ts';

/** Resolves after a time; rejects with the signal's reason as soon as the signal is aborted. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await abortable(promise, signal).finally(() => clearTimeout(timer));
}
