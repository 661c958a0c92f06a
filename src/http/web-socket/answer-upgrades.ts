import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { respondOn } from '../sockets/bare-socket.ts';
import { keepHandshake } from './handshake.ts';

/**
 * Passes requests for a WebSocket to the usual handler, so that they are checked, logged and refused like all others. Node
 * hands over their bare sockets and forgets them, so the open ones are returned.
 */
export function answerUpgrades(server: Server, handle: RequestListener): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('upgrade', (request, duplex, head) => {
    const answer = respondOn(request, duplex);
    if (answer === undefined) return;
    const [response, socket] = answer;
    if (asksForWebSocket(request)) {
      // Node has removed the error listener of the socket together with its parser.
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

/**
 * Gives a request back to its server without the `Upgrade` header, which a server may ignore. Some clients offer HTTP/2 with
 * every first request (`Upgrade: h2c`), and Node before 24.9 cannot be configured to ignore such an offer.
 */
function serveAsHttp(server: Server, request: IncomingMessage, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders, socket } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  // Node decodes the head of a request as Latin-1.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
