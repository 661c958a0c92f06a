import type { IncomingMessage, Server } from 'node:http';

/**
 * Gives a request back to its server, without its wish for another protocol, which a server need not grant. Some clients
 * offer HTTP/2 with every first request (`Upgrade: h2c`), and Node before 24.9 cannot be told to leave them alone.
 */
export function serveAsHttp(server: Server, request: IncomingMessage, head: Buffer): void {
  const { method, url, httpVersion, rawHeaders, socket } = request;
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]!;
    if (name.toLowerCase() !== 'upgrade') lines.push(`${name}: ${rawHeaders[index + 1]}`);
  }
  // Node reads a request's head as Latin-1.
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
