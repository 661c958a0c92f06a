import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { endConnection } from './end-connection.ts';
import { respondOn } from './respond-on.ts';

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
    const answer = respondOn(request, duplex);
    if (answer === undefined) return;
    const [response, socket] = answer;
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
