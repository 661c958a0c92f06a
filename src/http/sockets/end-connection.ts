import type { Duplex } from 'node:stream';

/** Milliseconds for a client to finish sending, so that it reads the answer instead of a broken connection. */
const LINGER = 2_000;

/** Ends a connection behind its last answer; what is still coming is read and dropped. */
export function endConnection(socket: Duplex, lastBytes = ''): void {
  socket.end(lastBytes);
  socket.on('error', () => {});
  const linger = setTimeout(() => socket.destroy(), LINGER);
  socket.once('close', () => clearTimeout(linger));
  // A socket that is closed with unread data resets the connection.
  socket.resume();
}
