import { listenForSignals } from '../app/lifecycle/signals.ts';
import { CommandEnd } from './command-end.ts';

/**
 * Runs something whose signal aborts on Ctrl-C and SIGTERM; it has to clean up after itself.
 * @param exitCode Exit code of the command if it is stopped.
 */
export async function untilStopped<T>(
  message: string,
  run: (signal: AbortSignal) => Promise<T>,
  exitCode = 1,
): Promise<T> {
  const signals = listenForSignals();
  const stop = new AbortController();
  void signals.next().then(() => stop.abort(new CommandEnd(exitCode, message)));
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
