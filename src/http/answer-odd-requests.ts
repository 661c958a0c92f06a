import { ServerResponse, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { endConnection } from './end-connection.ts';

/** Answers for requests whose clients wait for `100 Continue` before they send the body. */
const waiting = new WeakMap<IncomingMessage, ServerResponse>();

/**
 * Lets the requests that Node would answer by itself, without a body, go the way of all requests, so that they are checked,
 * logged and refused like them.
 */
export function answerOddRequests(server: Server, handle: RequestListener): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.set(request, response);
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (request, duplex) => {
    const socket = duplex as Socket;
    const response = new ServerResponse(request);
    try {
      response.assignSocket(socket);
    } catch {
      // An earlier request of this connection is still being answered: nobody may write in between.
      socket.destroy();
      return;
    }
    response.shouldKeepAlive = false;
    response.once('finish', () => endConnection(socket));
    handle(request, response);
  });
}

/** Asks the client for the body if it waits to be asked. */
export function requestBody(request: IncomingMessage): void {
  waiting.get(request)?.writeContinue();
  waiting.delete(request);
}
