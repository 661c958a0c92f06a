import { ignoresHangup } from './hangup.ts';

/** Milliseconds in which a second SIGINT is the same key press: npm hands on what its child has from the terminal, too. */
const ECHO = 250;

/** Signals that ask the process to end. As long as they are heard, they do not end it by themselves. */
export interface Signals {
  /** Settles with the next one; never, once they are let go. */
  next(): Promise<NodeJS.Signals>;
  /** They do what they usually do again. */
  letGo(): void;
}

export function hearSignals(): Signals {
  let heard = Promise.withResolvers<NodeJS.Signals>();
  let last = -Infinity;
  function hear(signal: NodeJS.Signals): void {
    const now = performance.now();
    if (signal === 'SIGINT' && now - last < ECHO) return;
    last = now;
    heard.resolve(signal);
    heard = Promise.withResolvers();
  }
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  // One that is to be ignored stays so for good: the default of Node would end the process.
  if (!ignoresHangup()) names.push('SIGHUP');
  else if (!process.listeners('SIGHUP').includes(ignore)) process.on('SIGHUP', ignore);
  for (const name of names) process.on(name, hear);
  return {
    next: () => heard.promise,
    letGo() {
      for (const name of names) process.off(name, hear);
    },
  };
}

function ignore(): void {}

/** Ends the process by a signal that is no longer heard. */
export function endBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
}
