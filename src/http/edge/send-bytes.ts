import type { ServerResponse } from 'node:http';
import { finished, type Readable } from 'node:stream';
import { StalledReaderError } from './write-text.ts';

/** About as much as one read brings. */
const MAX_GATHERED_BYTES = 65_536;

/** An answer of another server. */
export interface ByteAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Readable;
}

interface CopyBytesOptions {
  /** Aborts when the client is gone or the server gives up on it. */
  readonly signal: AbortSignal;
  /** Time for which a client may read nothing; after that it counts as gone. */
  readonly stallLimitMs: number;
}

export interface SendBytesOptions extends CopyBytesOptions {
  /** Called with the first bytes. */
  onFirst(): void;
  /** Called with what breaks the answer off, before the connection is closed. */
  onError(error: unknown): void;
}

const NO_BYTES = Buffer.alloc(0);

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
    // `flushHeaders` would encode the values again, as UTF-8.
    response.write(NO_BYTES);
    body.once('data', options.onFirst);
    await copyBytes(body, response, options);
    response.end();
  } catch (error) {
    body.destroy();
    if (!response.headersSent) throw error;
    options.onError(error);
    // A body in HTTP/1.0 ends with its connection: only a reset shows that this one is not complete.
    if (response.req.httpVersion === '1.0') response.socket?.resetAndDestroy();
    else response.destroy();
  }
}

/**
 * Writes bytes as they arrive, and no faster than the client reads. Rejects if they break off, or with the signal's reason; the
 * response stays open in any case.
 */
export async function copyBytes(
  body: Readable,
  response: ServerResponse,
  { signal, stallLimitMs }: CopyBytesOptions,
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  const stall = createStallTimer(stallLimitMs, () => ended.reject(new StalledReaderError()));
  const abort = () => {
    ended.reject(signal.reason);
    body.destroy();
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const send = gather((bytes) => {
    if (response.destroyed || response.write(bytes)) return;
    body.pause();
    stall.begin();
  });
  body.on('data', send.add);
  response.on('drain', () => {
    stall.end();
    body.resume();
  });
  response.on('error', ended.reject);
  // Also of one that has broken off already.
  finished(body, { writable: false }, (error) => (error ? ended.reject(error) : ended.resolve()));
  try {
    await ended.promise;
  } finally {
    send.flush();
    signal.removeEventListener('abort', abort);
    stall.close();
    body.destroy();
  }
}

interface Gathered {
  add(bytes: Buffer): void;
  flush(): void;
}

/** Writes what comes in one turn of the event loop at once: a read of the other connection brings hundreds of events. */
function gather(write: (bytes: Buffer) => void): Gathered {
  let blocks: Buffer[] = [];
  let size = 0;
  function flush(): void {
    const [first, ...others] = blocks;
    if (first === undefined) return;
    const bytes = others.length === 0 ? first : Buffer.concat(blocks);
    blocks = [];
    size = 0;
    write(bytes);
  }
  return {
    add(bytes) {
      blocks.push(bytes);
      size += bytes.length;
      if (size >= MAX_GATHERED_BYTES) flush();
      else if (blocks.length === 1) queueMicrotask(flush);
    },
    flush,
  };
}

interface StallTimer {
  begin(): void;
  end(): void;
  close(): void;
}

/** Calls `onStall` after a stall of some time, with one timer, which is not set anew for each of the many short stalls. */
function createStallTimer(limitMs: number, onStall: () => void): StallTimer {
  let since: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  function check(): void {
    timer = undefined;
    if (since === undefined) return;
    const leftMs = limitMs - (performance.now() - since);
    if (leftMs > 0) timer = setTimeout(check, Math.ceil(leftMs));
    else onStall();
  }
  return {
    begin() {
      since = performance.now();
      timer ??= setTimeout(check, limitMs);
    },
    end() {
      since = undefined;
    },
    close: () => clearTimeout(timer),
  };
}
