import type { IncomingMessage, ServerResponse as Response } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ServerResponse } from './node-http.ts';

/** Time for a client to finish sending, so that it reads the answer instead of a broken connection. */
const LINGER_MS = 2_000;

/**
 * Returns a response on the bare socket that Node hands over with a request. While an earlier request on the connection is
 * still being answered, nothing may be written in between: the socket is destroyed then, and the result is undefined.
 */
export function respondOn(request: IncomingMessage, duplex: Duplex): [Response, Socket] | undefined {
  const socket = duplex as Socket;
  const response = new ServerResponse(request);
  try {
    response.assignSocket(socket);
    return [response, socket];
  } catch {
    socket.destroy();
    return undefined;
  }
}

/** Ends a connection after its last answer; bytes that still arrive are read and dropped. */
export function endConnection(socket: Duplex, lastBytes = ''): void {
  socket.end(lastBytes);
  socket.on('error', () => {});
  const linger = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(linger));
  // Closing a socket with unread data would reset the connection.
  socket.resume();
}
