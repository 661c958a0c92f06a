import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { standardError, standardOutput } from '../app/log/output.ts';

/** The output of commands. */
export interface Terminal {
  print(text: string): void;
  /** Prints text without a line break after it. */
  write(text: string): void;
  complain(text: string): void;
  /** True if standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Writes what is not the result of a command: on a terminal in its order with the result, elsewhere to standard error. */
  writeBeside(text: string): void;
  /** True if a person can be asked. */
  readonly canAsk: boolean;
  /** Asks for one line; resolves to undefined at the end of the input, or when the signal aborts. */
  ask(question: string, signal: AbortSignal): Promise<string | undefined>;
  /** Shows a line that the next one replaces; shown only on a terminal. */
  progress(text: string): void;
  /**
   * Waits until everything is written, for at most `patienceMs`. `problem` says why text could not be written since the last
   * call, unless its reader just disconnected. `isStuck` is true if a write is stuck, which keeps the process alive.
   */
  flush(patienceMs?: number): Promise<{ readonly problem?: string | undefined; readonly isStuck: boolean }>;
}

export const consoleTerminal: Terminal = {
  print: (text) => standardOutput.write(`${text}\n`),
  write: (text) => standardOutput.write(text),
  complain: (text) => standardError.write(`${text}\n`),
  get isTerminal() {
    return process.stdout.isTTY;
  },
  writeBeside: (text) => (process.stdout.isTTY ? standardOutput : standardError).write(text),
  get canAsk() {
    return process.stdin.isTTY && process.stdout.isTTY;
  },
  async ask(question, signal) {
    standardOutput.write(question);
    await standardOutput.settle();
    return await readLine(signal);
  },
  progress(text) {
    // Moves to the beginning of the line and clears it.
    const { isTTY, columns } = process.stderr;
    if (isTTY) standardError.write(`\r\u001B[2K${text.slice(0, columns - 1)}`);
  },
  async flush(patienceMs) {
    const settled = await Promise.all([standardOutput.settle(patienceMs), standardError.settle(patienceMs)]);
    const problem = standardOutput.takeProblem();
    // `codex-gateway doctor | head -1` reads no more than it wants.
    return { problem: problem === 'EPIPE' ? undefined : problem, isStuck: settled.includes(false) };
  },
};

/** Reads what is piped in; resolves to '' if standard input is a terminal. */
export async function readInput(): Promise<string> {
  return process.stdin.isTTY ? '' : await text(process.stdin);
}

/** Reads a line that is typed. The terminal edits it and sends Ctrl-C as a signal, as it does without a reader. */
async function readLine(signal: AbortSignal): Promise<string | undefined> {
  if (signal.aborted) return undefined;
  const lines = createInterface({ input: process.stdin, terminal: false });
  const close = () => lines.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    return await new Promise((resolve) => {
      lines.once('line', resolve).once('close', () => resolve(undefined));
    });
  } finally {
    signal.removeEventListener('abort', close);
    lines.close();
  }
}
