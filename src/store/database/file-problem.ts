import { GatewayError, messageOf, StartupError } from '../../base/errors.ts';
import { RESPONSE_FILE } from './database-kind.ts';

/** SQLite's primary result codes: the low byte of a code. */
const BUSY = 5;
const READ_ONLY = 8;
const CORRUPT = 11;
const FULL = 13;
const NOT_A_DATABASE = 26;

/** Extended code: the memory that SQLite shares with other processes cannot grow. */
const SHARED_MEMORY_FULL = 4874;

/** Advice for a caller that can do without the store. */
const OR_WITHOUT = ', or send store: false';

/** Returns true while another process has the file. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY;
}

/**
 * Converts a failure of the database into an error for the caller, which names no path.
 *
 * @param isOptional True if the caller can do without the store.
 */
export function storageError(cause: unknown, isOptional = true): GatewayError {
  if (cause instanceof GatewayError) return cause;
  const code = resultCode(cause);
  if (code === FULL || extendedCode(cause) === SHARED_MEMORY_FULL) {
    return storageFull(cause, isOptional);
  }
  const orWithout = isOptional ? OR_WITHOUT : '';
  if (code === BUSY) {
    const message = `The gateway cannot store this now: another process has its database locked; try again${orWithout}.`;
    return new GatewayError('storage_busy', message, { cause, retryAfter: 5 });
  }
  const name = isOptional ? 'database of stored responses' : 'database';
  return new GatewayError(
    'storage_failed',
    `The gateway cannot use its ${name}: ${problemOf(code, cause)}; repair it${orWithout}.`,
    { cause },
  );
}

/** Returns the error for a full disk. */
export function storageFull(cause?: unknown, isOptional = true): GatewayError {
  const orWithout = isOptional ? OR_WITHOUT : '';
  const message = `The gateway cannot store this: no space is left on its disk; free some${orWithout}.`;
  return new GatewayError('storage_full', message, { cause });
}

function problemOf(code: number, cause: unknown): string {
  if (code === CORRUPT || code === NOT_A_DATABASE) return 'it is damaged';
  if (code === READ_ONLY) return 'it is read-only';
  // Other messages may name the path.
  return (cause as { readonly errstr?: string }).errstr ?? 'it cannot be opened';
}

/** Says why the file cannot be used and what to do about it. The file is left unchanged. */
export function startupError(error: unknown, path: string, kind = RESPONSE_FILE): StartupError {
  if (error instanceof StartupError) return error;
  const code = resultCode(error);
  const isDamaged = code === CORRUPT || code === NOT_A_DATABASE;
  const problem = isDamaged
    ? 'is damaged; move it away, and the next start creates a new one'
    : `cannot be opened (${reasonOf(error)}); fix that`;
  return new StartupError(`The ${kind.name}, ${path}, ${problem}${kind.orWithout}.`, { cause: error });
}

/** Returns SQLite's description, or the file system's code. */
function reasonOf(error: unknown): string {
  const { code, errstr } = error as NodeJS.ErrnoException & { readonly errstr?: string };
  return errstr ?? code ?? messageOf(error);
}

function resultCode(error: unknown): number {
  return extendedCode(error) & 0xff;
}

function extendedCode(error: unknown): number {
  const { errcode = 0 } = error as { readonly errcode?: number };
  return errcode;
}
