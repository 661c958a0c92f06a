import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** The client has not read for so long that it counts as gone. */
export class StalledReaderError extends Error {
  override readonly name = 'StalledReaderError';
}

/** Writes, and waits where the reader is behind; rejects with the signal's reason, or when the reader stalls. */
export async function writeText(
  stream: Writable,
  text: string,
  signal: AbortSignal,
  stallLimit: number,
): Promise<void> {
  if (stream.write(text)) return;
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stallLimit);
  try {
    await once(stream, 'drain', { signal: AbortSignal.any([signal, stalled.signal]) });
  } catch (error) {
    signal.throwIfAborted();
    throw stalled.signal.aborted ? new StalledReaderError('the client does not read its stream') : error;
  } finally {
    clearTimeout(timer);
  }
}
