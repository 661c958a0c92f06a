import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

export interface WatchTimes {
  /** Milliseconds between pings. */
  readonly interval: number;
  /**
   * Milliseconds without a sign of life until the other side counts as gone. Long, because some clients answer pings only
   * while they wait for a message, and not while they run a tool.
   */
  readonly limit: number;
}

/** Keeps a connection from looking idle, and cuts it when nobody is at its other end any more. */
export function watchPeer(socket: WebSocket, connection: Socket, { interval, limit }: WatchTimes): void {
  let { bytesRead } = connection;
  let silence = 0;
  const timer = setInterval(() => {
    silence = connection.bytesRead === bytesRead ? silence + interval : 0;
    ({ bytesRead } = connection);
    if (silence >= limit) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  }, interval);
  socket.once('close', () => clearInterval(timer));
}
