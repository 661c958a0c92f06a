import {
  appendFileSync,
  chmodSync,
  closeSync,
  constants,
  ftruncateSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { GatewayError } from '../../base/errors.ts';
import { storageFull } from '../database/file-problem.ts';

/** The file to which each entry of the audit is added as a line of JSON. */
export interface AuditLines {
  /** Throws a `GatewayError` if nothing could be added at the moment. */
  check(): void;
  /** Throws a `GatewayError`. */
  append(line: string): void;
}

/** Bytes at which a file is full; others then follow it. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Number of full files that are kept, as `….1` to `….4`; the first one is the newest. */
const FULL_FILES = 4;

/** Creates the lines of a file that only its owner can read. Their user holds a lock that other processes respect. */
export function createAuditLines(path: string, maxBytes: number = MAX_BYTES): AuditLines {
  const guarded = (work: () => void) => {
    try {
      work();
    } catch (error) {
      throw lineError(error);
    }
  };
  return {
    check: () => guarded(() => closeSync(openPrivate(path))),
    append: (line) =>
      guarded(() => {
        const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
        const isFull = size > 0 && size + line.length > maxBytes;
        if (isFull) rotate(path);
        const file = openPrivate(path);
        try {
          appendFileSync(file, `${line}\n`);
        } catch (error) {
          // A part of a line would spoil the next one.
          ftruncateSync(file, isFull ? 0 : size);
          throw error;
        } finally {
          closeSync(file);
        }
      }),
  };
}

/** Opening never waits: a pipe without a reader is an error, and no process could be ended while it waits for one. */
const APPENDING = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | constants.O_NONBLOCK;

function openPrivate(path: string): number {
  const isNew = statSync(path, { throwIfNoEntry: false }) === undefined;
  const file = openSync(path, APPENDING, 0o600);
  // The mode of a new file also depends on the umask of the process.
  if (isNew) chmodSync(path, 0o600);
  return file;
}

function rotate(path: string): void {
  rmSync(`${path}.${FULL_FILES}`, { force: true });
  for (let number = FULL_FILES - 1; number >= 1; number -= 1) {
    const full = `${path}.${number}`;
    if (statSync(full, { throwIfNoEntry: false })) renameSync(full, `${path}.${number + 1}`);
  }
  renameSync(path, `${path}.1`);
}

function lineError(cause: unknown): GatewayError {
  const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return storageFull(cause, false);
  const message = `The gateway cannot write its file of the audit (${code}); mend that.`;
  return new GatewayError('storage_failed', message, { cause });
}
