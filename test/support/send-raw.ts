import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** Sends bytes as they are and returns everything that comes back until the server closes the connection. */
export async function sendRaw(origin: string, request: string): Promise<string> {
  const { hostname, port } = new URL(origin);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.write(request);
  return await text(socket);
}
