import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayError } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { encodeError } from '../openai/error-body.ts';
import { describeFailure } from './describe-failure.ts';

/** Milliseconds for a client to finish sending, so that it reads the answer instead of a broken connection. */
const LINGER = 2_000;

/** Answers what Node's parser refuses, which reaches no middleware, with an error as OpenAI shapes it. */
export function answerUnreadable(server: Server, log?: Log): void {
  const responses = new WeakMap<Duplex, ServerResponse>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    responses.set(request.socket, response);
  });
  const answered = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (answered.has(socket)) return;
    const response = responses.get(socket);
    const isAnswering = response !== undefined && !response.writableFinished;
    // Nobody may write into the answer of an earlier request.
    if (!socket.writable || error.code === 'ECONNRESET' || (isAnswering && response.headersSent)) {
      socket.destroy(error);
      return;
    }
    answered.add(socket);
    const refusal = refusalOf(error.code);
    log?.warn('unreadable request', {
      status: encodeError(refusal).status,
      ...describeFailure(refusal)?.fields,
    });
    socket.end(writeResponse(refusal));
    socket.on('error', () => {});
    const linger = setTimeout(() => socket.destroy(), LINGER);
    socket.once('close', () => clearTimeout(linger));
    // What is still coming is read and dropped: a socket closed with unread data resets the connection.
    socket.resume();
  });
}

function refusalOf(code: string | undefined): GatewayError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new GatewayError(
        'head_too_large',
        'The headers of the request, its URL included, are too large: at most 16 KiB are read. Send large values in the body.',
      );
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new GatewayError('request_too_large', 'The chunk extensions of the request body are too large.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new GatewayError('request_timeout', 'The request did not arrive in time.');
    default:
      return new GatewayError(
        'invalid_request',
        'The request is not valid HTTP/1.1. The gateway speaks plain HTTP: use http://, not https://.',
      );
  }
}

function writeResponse(refusal: GatewayError): string {
  const { status, headers, body } = encodeError(refusal);
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n');
}
