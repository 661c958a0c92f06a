import type { Log } from '../../base/log.ts';

/** A place in our own code, in a stack trace; what stands before it says where things lie on this machine. */
const PLACE = /(?:src|dist)\/([\w/-]+\.[jt]s:\d+)/;

/**
 * Logs every rejection that nobody handles, and keeps it from ending the process: one forgotten promise must not take the
 * requests of all callers along. The message is left out, since it may quote anyone. Returns a function that stops it.
 */
export function logRejections(log: Log): () => void {
  function report(reason: unknown): void {
    const { name, code, stack } = reason instanceof Error ? (reason as NodeJS.ErrnoException) : {};
    log.error('a promise was rejected, and nothing handles that; please report it', {
      error: name ?? typeof reason,
      code: typeof code === 'string' ? code : undefined,
      place: PLACE.exec(stack ?? '')?.[1],
    });
  }
  process.on('unhandledRejection', report);
  return () => void process.off('unhandledRejection', report);
}
