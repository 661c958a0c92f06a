import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';

/**
 * Returns a response on the bare socket that Node hands over with a request. While an earlier request of the connection is
 * still being answered, nobody may write in between: the socket is destroyed then, and the result is undefined.
 */
export function respondOn(request: IncomingMessage, duplex: Duplex): [ServerResponse, Socket] | undefined {
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
