import { once } from 'node:events';
import type { Server } from 'node:http';

/** Milliseconds for aborted requests to write their last words. */
const LAST_WORDS = 1_000;

/** Milliseconds between looks for connections whose last answer is complete: Node keeps them open for a next request. */
const SWEEP = 50;

/** Stops accepting and waits for running requests; once `patience` aborts, `abort` ends them. */
export async function drain(server: Server, patience: AbortSignal, abort: () => void): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const sweep = setInterval(() => server.closeIdleConnections(), SWEEP);
  let lastWords: NodeJS.Timeout | undefined;
  const hurry = () => {
    abort();
    lastWords = setTimeout(() => server.closeAllConnections(), LAST_WORDS);
  };
  if (patience.aborted) hurry();
  else patience.addEventListener('abort', hurry, { once: true });
  await closed;
  patience.removeEventListener('abort', hurry);
  clearInterval(sweep);
  clearTimeout(lastWords);
}
