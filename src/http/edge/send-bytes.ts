import type { ServerResponse } from 'node:http';
import { finished, type Readable } from 'node:stream';
import { StalledReaderError } from './write-text.ts';

/** An answer of another server. */
export interface ByteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

export interface SendBytesOptions {
  /** Aborts when the client is gone or the server gives up on it. */
  readonly signal: AbortSignal;
  /** Time for which a client may read nothing; after that it counts as gone. */
  readonly stallLimitMs: number;
  /** Called with the first bytes. */
  onFirst(): void;
  /** Called with what breaks the answer off, before the connection is closed. */
  onError(error: unknown): void;
}

/**
 * Sends an answer as its bytes arrive, and no faster than the client reads. An answer that breaks off closes the connection
 * without an end of the body, so that the client does not take it for a complete one. Rejects if nothing was sent.
 */
export async function sendBytes(
  response: ServerResponse,
  answer: ByteAnswer,
  options: SendBytesOptions,
): Promise<void> {
  const { body } = answer;
  try {
    response.writeHead(answer.status, answer.headers);
    response.flushHeaders();
    await copy(body, response, options);
    response.end();
  } catch (error) {
    body.destroy();
    if (!response.headersSent) throw error;
    options.onError(error);
    response.destroy();
  }
}

async function copy(
  body: Readable,
  response: ServerResponse,
  { signal, stallLimitMs, onFirst }: SendBytesOptions,
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const abort = () => {
    ended.reject(signal.reason);
    body.destroy();
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  body.once('data', onFirst);
  body.on('data', (bytes: Buffer) => {
    if (response.destroyed || response.write(bytes)) return;
    body.pause();
    // Counts from the last byte that the client has taken.
    response.setTimeout(stallLimitMs);
  });
  response.on('drain', () => {
    response.setTimeout(0);
    body.resume();
  });
  response.on('timeout', () => ended.reject(new StalledReaderError()));
  response.on('error', ended.reject);
  // Also of one that has broken off already.
  finished(body, { writable: false }, (error) => (error ? ended.reject(error) : ended.resolve()));
  await ended.promise.finally(() => signal.removeEventListener('abort', abort));
}
