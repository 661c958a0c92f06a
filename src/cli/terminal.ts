import { standardError, standardOutput } from '../app/log/output.ts';

/** Where the commands print to. */
export interface Terminal {
  print(text: string): void;
  /** Prints text as it stands, without a line break after it. */
  write(text: string): void;
  complain(text: string): void;
  /** One line that the next one replaces, and nothing ends; shown only where somebody watches. */
  progress(text: string): void;
  /**
   * Waits until everything is written, for at most `patienceMs`. Resolves to what kept text that was printed since the last
   * call from being written, unless its reader has just left; and to whether a write is stuck, which keeps the process alive.
   */
  flush(patienceMs?: number): Promise<{ readonly problem?: string | undefined; readonly stuck: boolean }>;
}

export const consoleTerminal: Terminal = {
  print: (text) => standardOutput.write(`${text}\n`),
  write: (text) => standardOutput.write(text),
  complain: (text) => standardError.write(`${text}\n`),
  progress(text) {
    // To the line's beginning, and it is cleared.
    const { isTTY, columns } = process.stderr;
    if (isTTY) standardError.write(`\r\u001B[2K${text.slice(0, columns - 1)}`);
  },
  async flush(patienceMs) {
    const settled = await Promise.all([standardOutput.settle(patienceMs), standardError.settle(patienceMs)]);
    const problem = standardOutput.takeProblem();
    // `codex-gateway doctor | head -1` wants no more than it has read.
    return { problem: problem === 'EPIPE' ? undefined : problem, stuck: settled.includes(false) };
  },
};
