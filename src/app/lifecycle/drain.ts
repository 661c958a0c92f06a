import type { Listening } from './listen.ts';

/** Milliseconds in which aborted requests can still send their errors. */
const ABORT_GRACE_MS = 1_000;

export interface RunningRequests {
  count(): number;
  abort(): void;
  /** Closes connections that outlive their requests as soon as they are idle. */
  leave(): void;
}

/** Milliseconds between checks for idle connections, which Node keeps open for a next request. */
const SWEEP_INTERVAL_MS = 50;

/**
 * Stops accepting connections and waits for running requests, including those without a connection; once `patience`
 * aborts, they are ended.
 */
export async function drain(
  { close, cutIdle, cut }: Listening,
  patience: AbortSignal,
  requests: RunningRequests,
): Promise<void> {
  const idle = Promise.withResolvers<void>();
  const closed = close();
  requests.leave();
  const sweep = setInterval(() => {
    if (requests.count() > 0) return cutIdle();
    // Without running requests, connections that never sent one are closed too.
    cut();
    idle.resolve();
  }, SWEEP_INTERVAL_MS);
  let timeout: NodeJS.Timeout | undefined;
  const hurry = () => {
    requests.abort();
    timeout = setTimeout(() => {
      cut();
      idle.resolve();
    }, ABORT_GRACE_MS);
  };
  if (patience.aborted) hurry();
  else patience.addEventListener('abort', hurry, { once: true });
  await closed;
  // Background work needs no connection.
  if (requests.count() > 0) await idle.promise;
  patience.removeEventListener('abort', hurry);
  clearInterval(sweep);
  clearTimeout(timeout);
}
