import { readFileSync } from 'node:fs';
import { processEnvironment } from '../config/config.ts';

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
  let nextSignal = Promise.withResolvers<NodeJS.Signals>();
  let last = -Infinity;
  function onSignal(signal: NodeJS.Signals): void {
    const now = performance.now();
    if (signal === 'SIGINT' && now - last < ECHO_MS) return;
    last = now;
    nextSignal.resolve(signal);
    nextSignal = Promise.withResolvers();
  }
  const names: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
  // An ignored SIGHUP gets a permanent listener, because Node's default would end the process.
  if (!ignoresHangup()) names.push('SIGHUP');
  else if (!process.listeners('SIGHUP').includes(ignore)) process.on('SIGHUP', ignore);
  for (const name of names) process.on(name, onSignal);
  return {
    next: () => nextSignal.promise,
    stopListening() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}

function ignore(): void {}

/** Lets writes fail at a limit for the size of files, whose signal would end the process. */
export function ignoreFileSizeSignal(): void {
  if (!process.listeners('SIGXFSZ').includes(ignore)) process.on('SIGXFSZ', ignore);
}

/** Ends the process with a signal that has no listener any more. */
export function endBy(signal: NodeJS.Signals): void {
  process.kill(process.pid, signal);
}

/**
 * Returns true if the user wants the process to survive its terminal, as with `nohup`. Node resets ignored signals
 * at its start, so this looks for other traces.
 */
function ignoresHangup(): boolean {
  return wasStartedByNohup() || hasUnreadableInput() || parentIgnoresHangup();
}

/** Checks the variable `_`, in which shells put the command that they run. */
function wasStartedByNohup(): boolean {
  return /(?:^|\/)nohup$/.test(processEnvironment()._ ?? '');
}

/** Checks for a write-only standard input, with which `nohup` on Linux replaces a terminal. */
function hasUnreadableInput(): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(readIfPresent('/proc/self/fdinfo/0'))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS_MODE) === WRITE_ONLY;
}

const ACCESS_MODE = 3;
const WRITE_ONLY = 1;

/** Checks the parent process: a script that ignores the signal hands that on to its children. */
function parentIgnoresHangup(): boolean {
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readIfPresent(`/proc/${process.ppid}/status`))?.[1];
  return ignored !== undefined && (Number.parseInt(ignored.slice(-1), 16) & 1) === 1;
}

function readIfPresent(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
