import { once } from 'node:events';
import type { Server } from 'node:http';

/** Milliseconds for aborted requests to write their last words. */
const LAST_WORDS = 1_000;

export interface RunningRequests {
  count(): number;
  abort(): void;
}

/** Milliseconds between looks for connections on which nothing is answered: Node keeps them open for a next request. */
const SWEEP = 50;

/** Stops accepting and waits for running requests; once `patience` aborts, they are ended. */
export async function drain(server: Server, patience: AbortSignal, requests: RunningRequests): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const sweep = setInterval(() => {
    // With no request left, a connection that never sent one is closed as well.
    if (requests.count() === 0) server.closeAllConnections();
    else server.closeIdleConnections();
  }, SWEEP);
  let lastWords: NodeJS.Timeout | undefined;
  const hurry = () => {
    requests.abort();
    lastWords = setTimeout(() => server.closeAllConnections(), LAST_WORDS);
  };
  if (patience.aborted) hurry();
  else patience.addEventListener('abort', hurry, { once: true });
  await closed;
  patience.removeEventListener('abort', hurry);
  clearInterval(sweep);
  clearTimeout(lastWords);
}
