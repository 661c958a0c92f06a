import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { GatewayError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';
import type { Observer } from '../../base/observation.ts';
import { encodeError } from '../../openai/vocabulary/error-body.ts';
import { describeFailure } from '../requests/describe-failure.ts';
import { errorEncoderOf } from '../requests/error-encoders.ts';
import { endConnection } from './bare-socket.ts';
import { STATUS_CODES } from './node-http.ts';

/** The first byte of a TLS handshake. */
const TLS_HANDSHAKE = 0x16;

/** An error of Node's parser. */
interface ParserError extends NodeJS.ErrnoException {
  readonly rawPacket?: Uint8Array;
}

/** The latest request on a connection, and its response. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers requests that Node's parser refuses, with an error in OpenAI's shape unless their path is known to have another. */
export function answerUnreadable(server: Server, observer?: Observer): void {
  const exchanges = new WeakMap<Duplex, Exchange>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    exchanges.set(request.socket, { request, response });
  });
  const ended = new WeakSet<Duplex>();

  function refuse(socket: Duplex, error: ParserError, current: Exchange | undefined): void {
    const refusal = refusalOf(error, current);
    const id = String(current?.response.getHeader('x-request-id') ?? createId('req_'));
    const { status } = encodeError(refusal);
    observer?.observe({ type: 'request-unreadable', id, status, failure: describeFailure(refusal) });
    if (current?.response.socket === null) sendInTurn(current.response, refusal);
    else {
      const further = { ...sharingOf(current?.response), 'x-request-id': id };
      endConnection(socket, writeResponse(encodeRefusal(refusal, current?.response), further));
    }
  }

  /** Refuses the head of a request once the requests before it have been answered. */
  function refuseHead(socket: Duplex, error: ParserError, last: Exchange | undefined): void {
    if (last === undefined || last.response.writableFinished) refuse(socket, error, undefined);
    else endAfter(last, socket);
  }

  function refuseBody(socket: Duplex, error: ParserError, current: Exchange): void {
    const { response } = current;
    if (response.writableFinished) endConnection(socket);
    // An answer that has begun cannot become an error.
    else if (response.headersSent) socket.destroy(error);
    else refuse(socket, error, current);
  }

  server.on('clientError', (error: ParserError, socket: Duplex) => {
    if (ended.has(socket)) return;
    ended.add(socket);
    const last = exchanges.get(socket);
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy(error);
    else if (last === undefined || last.request.complete) refuseHead(socket, error, last);
    else refuseBody(socket, error, last);
  });
}

/** Ends the connection after the answer to this request, because the next request cannot be read. */
function endAfter({ response }: Exchange, socket: Duplex): void {
  response.shouldKeepAlive = false;
  response.once('finish', () => endConnection(socket));
}

/** @param current The request whose body cannot be read; undefined if it is the head of a request. */
function refusalOf({ code, rawPacket }: ParserError, current: Exchange | undefined): GatewayError {
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
    case 'HPE_INVALID_EOF_STATE': {
      const missing = current === undefined ? 'it' : 'its body';
      return new GatewayError('invalid_request', `The request ended before ${missing} was complete.`);
    }
    default: {
      const isTls = current === undefined && rawPacket?.[0] === TLS_HANDSHAKE;
      const hint = isTls ? ' The gateway speaks plain HTTP: use http://, not https://.' : '';
      return new GatewayError('invalid_request', `The request is not valid HTTP/1.1.${hint}`);
    }
  }
}

/** Sends the refusal after the answers to earlier requests on the connection. */
function sendInTurn(response: ServerResponse, refusal: GatewayError): void {
  const { status, headers, text } = encodeRefusal(refusal, response);
  response.writeHead(status, headers);
  response.end(text);
}

/** Returns the headers by which a page may read the answer, as they were set when the request came. */
function sharingOf(response: ServerResponse | undefined): Record<string, string> {
  const set = Object.entries(response?.getHeaders() ?? {});
  const own = set.filter(([name]) => name === 'vary' || name.startsWith('access-control-'));
  return Object.fromEntries(own.map(([name, value]) => [name, String(value)]));
}

function writeResponse(
  { status, headers, text }: ReturnType<typeof encodeRefusal>,
  further: Readonly<Record<string, string>>,
): string {
  const lines = Object.entries({ ...headers, ...further }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n');
}

function encodeRefusal(refusal: GatewayError, response: ServerResponse | undefined) {
  const encode = errorEncoderOf(response) ?? encodeError;
  const { status, headers, body } = encode(refusal);
  const text = JSON.stringify(body);
  return {
    status,
    text,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...headers,
      'content-length': Buffer.byteLength(text),
      connection: 'close',
    },
  };
}
