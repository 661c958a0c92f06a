import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { endConnection, respondOn } from './bare-socket.ts';

/** Responses to requests whose clients wait for `100 Continue` before they send the body. */
const waiting = new WeakMap<object, ServerResponse>();

/**
 * Passes the requests that Node would answer by itself, without a body, to the usual handler, so that they are checked,
 * logged and refused like all others.
 */
export function answerOddRequests(server: Server, handle: RequestListener): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    waiting.set(request, response);
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (request, duplex) => {
    const answer = respondOn(request, duplex);
    if (answer === undefined) return;
    const [response, socket] = answer;
    response.shouldKeepAlive = false;
    response.once('finish', () => endConnection(socket));
    handle(request, response);
  });
}

/** Asks the client for the body if it waits for that. */
export function requestBody(request: object): void {
  waiting.get(request)?.writeContinue();
  waiting.delete(request);
}
