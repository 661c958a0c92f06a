import type { Readable } from 'node:stream';

export interface BodyEnd {
  readonly outcome: 'completed' | 'error' | 'dropped';
  readonly chunkCount: number;
  readonly byteCount: number;
}

/**
 * Reports how a body ends, and how much of it was read. It counts when the reader of the body begins to read, so that nothing
 * is read before.
 * @param signal Aborts when the client is gone.
 */
export function watchBody(body: Readable, signal: AbortSignal, report: (end: BodyEnd) => void): void {
  let chunkCount = 0;
  let byteCount = 0;
  let isReported = false;

  function end(outcome: BodyEnd['outcome']): void {
    if (isReported) return;
    isReported = true;
    report({ outcome, chunkCount, byteCount });
  }
  const count = (chunk: Buffer) => {
    chunkCount += 1;
    byteCount += chunk.length;
  };
  const countWithReader = (event: string | symbol) => {
    if (event !== 'data' && event !== 'readable') return;
    body.off('newListener', countWithReader);
    body.on('data', count);
  };
  body.on('newListener', countWithReader);
  body.once('end', () => end('completed'));
  body.once('error', (error: NodeJS.ErrnoException) =>
    end(signal.aborted || error.code === 'UND_ERR_ABORTED' ? 'dropped' : 'error'),
  );
  body.once('close', () => end('dropped'));
}
