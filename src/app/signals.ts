const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Milliseconds in which a second SIGINT is the same key press: npm hands on what its child has from the terminal, too. */
const ECHO = 250;

/** What asks the process to end; as long as it is heard, it does not end it by itself. */
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
  for (const name of SIGNALS) process.on(name, hear);
  return {
    next: () => heard.promise,
    letGo() {
      for (const name of SIGNALS) process.off(name, hear);
    },
  };
}

/** Ends the process by a signal that is no longer heard. */
export function endBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
}
