import { readFileSync } from 'node:fs';
import { processEnvironment } from '../config/config.ts';

/**
 * Returns true if the user wants the process to survive its terminal, as with `nohup`. Node resets ignored signals
 * at its start, so this looks for other traces.
 */
export function ignoresHangup(): boolean {
  return wasStartedByNohup() || hasUnreadableInput() || parentIgnoresHangup();
}

/** Checks the variable `_`, in which shells put the command that they run. */
function wasStartedByNohup(): boolean {
  return /(?:^|\/)nohup$/.test(processEnvironment()._ ?? '');
}

/** Checks for a write-only standard input, with which `nohup` on Linux replaces a terminal. */
function hasUnreadableInput(): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(read('/proc/self/fdinfo/0'))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS_MODE) === WRITE_ONLY;
}

const ACCESS_MODE = 3;
const WRITE_ONLY = 1;

/** Checks the parent process: a script that ignores the signal hands that on to its children. */
function parentIgnoresHangup(): boolean {
  const ignored = /^SigIgn:\s*([0-9a-f]+)$/m.exec(read(`/proc/${process.ppid}/status`))?.[1];
  return ignored !== undefined && (Number.parseInt(ignored.slice(-1), 16) & 1) === 1;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
