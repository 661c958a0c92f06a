import type { WebSocket } from 'ws';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { StalledReaderError } from '../edge/write-text.ts';

/** Bytes that may wait unsent. */
const HIGH_WATER = 64 * 1024;

/** Sends an object as one text message, and waits where the reader is behind; rejects when the reader stalls. */
export async function sendMessage(socket: WebSocket, message: object, stallLimit: number): Promise<void> {
  const sent = Promise.withResolvers<void>();
  // Of a connection that is gone, its signal tells.
  socket.send(JSON.stringify(message), () => sent.resolve());
  if (socket.bufferedAmount <= HIGH_WATER) return;
  if ((await withTimeout(sent.promise, stallLimit)) === 'timeout') throw new StalledReaderError();
}
