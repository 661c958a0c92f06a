import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { GatewayError } from '../../base/errors.ts';

/** The client has not read for so long that it counts as gone: nothing more can be told to it. */
export class StalledReaderError extends GatewayError {
  constructor() {
    super('client_too_slow', 'The client does not read its stream.');
  }
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
    throw stalled.signal.aborted ? new StalledReaderError() : error;
  } finally {
    clearTimeout(timer);
  }
}
