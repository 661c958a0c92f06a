import { messageOf, StartupError } from '../base/errors.ts';

/** SQLite's result codes; each kind of one failure has the same low byte. */
const BUSY = 5;
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

/** Whether another process has the file for the moment. */
export function isBusy(error: unknown): boolean {
  return resultCode(error) === BUSY;
}

/** Why the file cannot be used, and what to do about it. Nothing in it is touched. */
export function startupError(error: unknown, path: string): StartupError {
  if (error instanceof StartupError) return error;
  const code = resultCode(error);
  const isDamaged = code === CORRUPT || code === NOT_A_DATABASE;
  const problem = isDamaged
    ? 'is damaged; move it away to have a new one made'
    : `cannot be opened (${reasonOf(error)}); see to that`;
  return new StartupError(
    `The file of stored responses, ${path}, ${problem}, or set "store": false in the config file.`,
    { cause: error },
  );
}

/** SQLite's words, or the file system's code. */
function reasonOf(error: unknown): string {
  const { code, errstr } = error as NodeJS.ErrnoException & { readonly errstr?: string };
  return errstr ?? code ?? messageOf(error);
}

function resultCode(error: unknown): number {
  const { errcode = 0 } = error as { readonly errcode?: number };
  return errcode & 0xff;
}
