import { hearSignals } from '../app/lifecycle/signals.ts';
import { StartupError } from '../base/errors.ts';

/** Runs something that clears up after itself when its signal aborts, which Ctrl-C and SIGTERM make it do. */
export async function untilStopped<T>(message: string, run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signals = hearSignals();
  const stop = new AbortController();
  void signals.next().then(() => stop.abort(new StartupError(message)));
  try {
    return await run(stop.signal);
  } catch (error) {
    // Whatever broke off because of it is not the reason.
    stop.signal.throwIfAborted();
    throw error;
  } finally {
    signals.letGo();
  }
}
