import { ignoresHangup } from './hangup.ts';

/**
 * Milliseconds within which a second SIGINT is the same key press: npm forwards signals that its child receives from
 * the terminal, too.
 */
const ECHO_MS = 250;

/** Receives signals that ask the process to end. While it listens, they do not end the process themselves. */
export interface Signals {
  /** Resolves to the next signal; never after `stopListening`. */
  next(): Promise<NodeJS.Signals>;
  /** Restores the usual effect of the signals. */
  stopListening(): void;
}

export function listenForSignals(): Signals {
  let heard = Promise.withResolvers<NodeJS.Signals>();
  let last = -Infinity;
  function hear(signal: NodeJS.Signals): void {
    const now = performance.now();
    if (signal === 'SIGINT' && now - last < ECHO_MS) return;
    last = now;
    heard.resolve(signal);
    heard = Promise.withResolvers();
  }
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  // An ignored SIGHUP gets a permanent listener, because Node's default would end the process.
  if (!ignoresHangup()) names.push('SIGHUP');
  else if (!process.listeners('SIGHUP').includes(ignore)) process.on('SIGHUP', ignore);
  for (const name of names) process.on(name, hear);
  return {
    next: () => heard.promise,
    stopListening() {
      for (const name of names) process.off(name, hear);
    },
  };
}

function ignore(): void {}

/** Ends the process with a signal that has no listener any more. */
export function endBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
}
