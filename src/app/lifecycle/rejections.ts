import type { Observer } from '../../base/observation.ts';

/** Finds the file and line in the gateway's own code; the path before it would reveal where it is installed. */
const LOCATION = /(?:src|dist)\/([\w/-]+\.[jt]s:\d+)/;

/**
 * Reports unhandled rejections and keeps them from ending the process, which would end the requests of all callers.
 * The message is omitted, because it may contain quotations. Returns a function that stops this.
 */
export function reportRejections(observer: Observer): () => void {
  function report(reason: unknown): void {
    const { name, code, stack } = reason instanceof Error ? (reason as NodeJS.ErrnoException) : {};
    observer.observe({
      type: 'rejection-unhandled',
      error: name ?? typeof reason,
      code: typeof code === 'string' ? code : undefined,
      location: LOCATION.exec(stack ?? '')?.[1],
    });
  }
  process.on('unhandledRejection', report);
  return () => void process.off('unhandledRejection', report);
}
