import { readFileSync } from 'node:fs';
import { processEnvironment } from '../config/config.ts';

/**
 * Tells whether the user wants the process to survive its terminal, as with `nohup`. Node itself forgets at its start which
 * signals were ignored, so this looks at what else that leaves behind.
 */
export function ignoresHangup(): boolean {
  return wasStartedByNohup() || hasUnreadableInput() || parentIgnoresHangup();
}

/** Shells note the command that they run in `_`. */
function wasStartedByNohup(): boolean {
  return /(?:^|\/)nohup$/.test(processEnvironment()._ ?? '');
}

/** The `nohup` of Linux puts a file that can only be written in place of a terminal's input. */
function hasUnreadableInput(): boolean {
  const flags = /^flags:\s*([0-7]+)$/m.exec(read('/proc/self/fdinfo/0'))?.[1];
  return flags !== undefined && (Number.parseInt(flags, 8) & ACCESS_MODE) === WRITE_ONLY;
}

const ACCESS_MODE = 3;
const WRITE_ONLY = 1;

/** A script that ignores the signal hands that on to what it starts. */
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
