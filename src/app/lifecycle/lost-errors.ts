import type { Observer } from '../../base/observation.ts';
import { describeThrown } from '../log/describe-thrown.ts';
import { standardError } from '../log/output.ts';

/** Finds the file and line in the gateway's own code; the path before it would reveal where it is installed. */
const LOCATION = /(?:src|dist)\/([\w/-]+\.[jt]s:\d+)/;

/** Milliseconds for the last lines to be written. */
const LAST_LINES_MS = 1_000;

/**
 * Reports errors that nothing has handled. Rejections are kept from ending the process, which would end the requests of all
 * callers; their messages are omitted, because they may contain quotations. After an exception nothing is known of the state in
 * which its code was left, and the process ends. Returns a function that stops this.
 */
export function reportLostErrors(observer: Observer): () => void {
  function reportRejection(reason: unknown): void {
    const { name, code, stack } = reason instanceof Error ? (reason as NodeJS.ErrnoException) : {};
    observer.observe({
      type: 'rejection-unhandled',
      error: name ?? typeof reason,
      code: typeof code === 'string' ? code : undefined,
      location: LOCATION.exec(stack ?? '')?.[1],
    });
  }
  async function endAfter(error: unknown): Promise<void> {
    const { problem, place } = describeThrown(error);
    observer.observe({ type: 'exception-uncaught', problem, place });
    await standardError.settle(LAST_LINES_MS);
    process.exit(1);
  }
  const onException = (error: unknown) => void endAfter(error);
  process.on('unhandledRejection', reportRejection);
  process.on('uncaughtException', onException);
  return () => {
    process.off('unhandledRejection', reportRejection);
    process.off('uncaughtException', onException);
  };
}
