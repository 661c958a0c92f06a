import { listenForSignals } from '../app/lifecycle/signals.ts';
import { StartupError } from '../base/errors.ts';

/** Runs something whose signal aborts on Ctrl-C and SIGTERM; it has to clean up after itself. */
export async function untilStopped<T>(message: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signals = listenForSignals();
  const stop = new AbortController();
  void signals.next().then(() => stop.abort(new StartupError(message)));
  try {
    return await run(stop.signal);
  } catch (error) {
    // An error caused by the abort is not the reason.
    stop.signal.throwIfAborted();
    throw error;
  } finally {
    signals.stopListening();
  }
}
