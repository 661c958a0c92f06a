import { endBy, listenForSignals, type Signals } from '../app/lifecycle/signals.ts';
import type { Terminal } from './terminal.ts';

/** A server that a command runs. */
export interface StoppableServer {
  /** Returns the number of requests in progress. */
  running(): number;
  /** Refuses further requests, lets running ones finish until `patience` aborts, then ends the remaining ones. */
  close(patience: AbortSignal): Promise<void>;
}

/** Milliseconds for running requests to finish after SIGINT or SIGTERM. */
const GRACE_MS = 10_000;

/** Milliseconds before a stop reports that it waits: most requests finish within them. */
const NOTICE_DELAY_MS = 200;

/** Milliseconds for the last lines to be written. */
const FLUSH_TIMEOUT_MS = 1_000;

/** Prints that a server is up, and closes it when a signal arrives. */
export async function serveUntilSignal(
  server: StoppableServer,
  description: string,
  terminal: Terminal,
): Promise<void> {
  const signals = listenForSignals();
  terminal.print(description);
  const signal = await signals.next();
  await stop(server, signals, signal, terminal);
  signals.stopListening();
  // The server ran well, even if its output could not be written.
  const { isStuck } = await terminal.flush(FLUSH_TIMEOUT_MS);
  // The signal has its default effect again: nothing else ends a process with a stuck write.
  if (isStuck) endBy(signal);
}

/** Lets running requests finish, and reports that it waits for them. */
async function stop(
  server: StoppableServer,
  signals: Signals,
  signal: NodeJS.Signals,
  terminal: Terminal,
): Promise<void> {
  terminal.complain(`Stopping (${signal}).`);
  const patience = new AbortController();
  let cut = 0;
  function hurry(): void {
    cut = server.running();
    patience.abort();
  }
  void signals.next().then(hurry);
  const end = setTimeout(hurry, GRACE_MS);
  const notice = setTimeout(() => {
    const waiting = server.running();
    if (waiting === 0) return;
    terminal.complain(
      `Waiting up to ${GRACE_MS / 1000} s for ${waiting} running ${waiting === 1 ? 'request' : 'requests'}; another signal, such as Ctrl-C, ends them at once.`,
    );
  }, NOTICE_DELAY_MS);
  await server.close(patience.signal);
  clearTimeout(end);
  clearTimeout(notice);
  const ended = cut === 0 ? '' : ` ${cut} running ${cut === 1 ? 'request was' : 'requests were'} ended.`;
  terminal.complain(`Stopped.${ended}`);
}
