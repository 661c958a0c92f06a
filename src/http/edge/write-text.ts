import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { GatewayError } from '../../base/errors.ts';

/** Thrown when a client has not read for so long that it counts as gone. Nothing more can be sent to it. */
export class StalledReaderError extends GatewayError {
  constructor() {
    super('client_too_slow', 'The client does not read its stream.');
  }
}

/** Writes text and waits for a slow reader; rejects with the signal's reason, or with a `StalledReaderError`. */
export async function writeText(
  stream: Writable,
  text: string,
  signal: AbortSignal,
  stallLimitMs: number,
): Promise<void> {
  if (stream.write(text)) return;
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(), stallLimitMs);
  try {
    await once(stream, 'drain', { signal: AbortSignal.any([signal, stalled.signal]) });
  } catch (error) {
    signal.throwIfAborted();
    throw stalled.signal.aborted ? new StalledReaderError() : error;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Closes the connection of a client that reads nothing for `stallLimitMs` after the last byte of its answer was written;
 * otherwise the unread bytes would be held forever. Any progress, however slow, restarts the time.
 */
export function closeWhenStalled(response: ServerResponse, stallLimitMs: number): void {
  response.setTimeout(stallLimitMs, () => response.destroy());
}
