import type OpenAI from 'openai';
import type { ResponsesClientEvent, ResponsesServerEvent } from 'openai/resources/responses/responses';
import { ResponsesWS, type ResponsesWSClientOptions } from 'openai/resources/responses/ws';
import { onTestFinished } from 'vitest';

type ServerEvent = ResponsesServerEvent & { readonly [key: string]: unknown };
type CreateFields = Omit<ResponsesClientEvent.ResponseCreate, 'type'>;

/** The official client of `GET /v1/responses`, one event at a time. */
export interface ResponseSocket {
  readonly client: ResponsesWS;
  send(fields: CreateFields): void;
  /** The next event, whatever it is. */
  next(): Promise<ServerEvent>;
  /** The events up to the next one that ends a response, or says that there is none. */
  rest(): Promise<ServerEvent[]>;
  /** Sends a request and reads its response to the end. */
  ask(fields: CreateFields): Promise<ServerEvent[]>;
  /** Settles with the code by which the connection is closed. */
  readonly closed: Promise<number>;
}

const ENDS = new Set(['response.completed', 'response.incomplete', 'response.failed']);

/**
 * Returns true if nothing more follows for this response; an `error` with a number is followed by `response.failed`.
 */
const isEnd = ({ type, sequence_number: number }: ServerEvent) =>
  ENDS.has(type) || (type === 'error' && number === undefined);

/** Closed when the test is over. */
export function connect(client: OpenAI, options?: ResponsesWSClientOptions): ResponseSocket {
  const socket = new ResponsesWS(client, options);
  const events: ServerEvent[] = [];
  let wake = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  socket.on('event', (event) => {
    events.push(event as ServerEvent);
    wake.resolve();
  });
  // The event has the same text.
  socket.on('error', () => {});
  socket.on('close', (code) => {
    closed.resolve(code);
    wake.reject(new Error(`closed with ${code}`));
    wake.promise.catch(() => {});
  });
  onTestFinished(() => socket.close());

  async function next(): Promise<ServerEvent> {
    while (events.length === 0) {
      await wake.promise;
      wake = Promise.withResolvers();
    }
    return events.shift()!;
  }

  async function rest(): Promise<ServerEvent[]> {
    const read: ServerEvent[] = [];
    do read.push(await next());
    while (!isEnd(read.at(-1)!));
    return read;
  }

  const send = (fields: CreateFields) => socket.send({ type: 'response.create', ...fields });
  return {
    client: socket,
    send,
    next,
    rest,
    ask(fields) {
      send(fields);
      return rest();
    },
    closed: closed.promise,
  };
}
