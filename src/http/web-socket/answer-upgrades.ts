import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { respondOn } from '../sockets/respond-on.ts';
import { keepHandshake } from './handshake.ts';
import { serveAsHttp } from './serve-as-http.ts';

/**
 * Lets requests for a WebSocket go the way of all requests, so that they are checked, logged and refused like them. Node
 * hands over their bare socket instead. Returns those sockets, as long as they are open: the server forgets them.
 */
export function answerUpgrades(server: Server, handle: RequestListener): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('upgrade', (request, duplex, head) => {
    const answer = respondOn(request, duplex);
    if (answer === undefined) return;
    const [response, socket] = answer;
    if (asksForWebSocket(request)) {
      // With its parser, the socket has lost its listener for errors.
      socket.on('error', () => socket.destroy());
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      response.shouldKeepAlive = false;
      response.once('finish', () => socket.destroySoon());
      keepHandshake(request, head);
      handle(request, response);
    } else {
      response.detachSocket(socket);
      serveAsHttp(server, request, head);
    }
  });
  return sockets;
}

function asksForWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket';
}
