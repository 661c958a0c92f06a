import type { Listening } from './listen.ts';

/** Milliseconds for aborted requests to write their last words. */
const LAST_WORDS = 1_000;

export interface RunningRequests {
  count(): number;
  abort(): void;
  /** Has connections that outlive their requests closed once nothing is answered on them. */
  leave(): void;
}

/** Milliseconds between looks for connections on which nothing is answered: Node keeps them open for a next request. */
const SWEEP = 50;

/**
 * Stops accepting and waits for running requests, those that have no connection included; once `patience` aborts, they are
 * ended.
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
    // With no request left, a connection that never sent one is closed as well.
    cut();
    idle.resolve();
  }, SWEEP);
  let lastWords: NodeJS.Timeout | undefined;
  const hurry = () => {
    requests.abort();
    lastWords = setTimeout(() => {
      cut();
      idle.resolve();
    }, LAST_WORDS);
  };
  if (patience.aborted) hurry();
  else patience.addEventListener('abort', hurry, { once: true });
  await closed;
  // What runs in the background needs no connection.
  if (requests.count() > 0) await idle.promise;
  patience.removeEventListener('abort', hurry);
  clearInterval(sweep);
  clearTimeout(lastWords);
}
