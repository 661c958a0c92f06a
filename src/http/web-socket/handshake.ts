import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import { GatewayError } from '../../base/errors.ts';
import type { Context } from '../requests/context.ts';

/** Requests for a WebSocket, each with the bytes that its client has already sent after the head. */
const handshakes = new WeakMap<IncomingMessage, Buffer>();

export function keepHandshake(request: IncomingMessage, head: Buffer): void {
  handshakes.set(request, head);
}

/** Turns a request's connection into a WebSocket, which is its answer; throws for a request that does not ask for one. */
export type Accept = (ctx: Context) => Promise<WebSocket>;

const OPTIONS = {
  noServer: true,
  clientTracking: false,
  perMessageDeflate: false,
  /** Milliseconds for the other side to close, too. */
  closeTimeout: 5_000,
};

/** @param maxPayload Maximum bytes of a message. */
export function createAccept(maxPayload: number): Accept {
  return async (ctx) => {
    const head = handshakes.get(ctx.req);
    if (head === undefined) {
      throw new GatewayError(
        'upgrade_required',
        `GET ${ctx.path} opens a WebSocket: connect with ws://, or send POST ${ctx.path}.`,
      );
    }
    // Few clients use it.
    const { WebSocketServer } = await import('ws');
    const server = new WebSocketServer({ ...OPTIONS, maxPayload });
    let socket: WebSocket | undefined;
    let problem = 'the connection is closed.';
    server.on('wsClientError', ({ message }) => {
      problem = `${message}.`;
    });
    server.on('headers', (headers) => headers.push(`x-request-id: ${ctx.state.requestId}`));
    server.handleUpgrade(ctx.req, ctx.req.socket, head, (accepted) => {
      socket = accepted;
    });
    if (socket === undefined) {
      ctx.set('sec-websocket-version', '13');
      throw new GatewayError('invalid_value', `The WebSocket cannot be opened: ${problem}`);
    }
    ctx.status = 101;
    ctx.respond = false;
    return socket;
  };
}
