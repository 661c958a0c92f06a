import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { createSerialQueue } from '../../base/async/serial-queue.ts';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { GatewayError, shuttingDown } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { createConnectionHistory } from '../../gateway/state/connection-history.ts';
import type { CreateEvent } from '../../openai/responses/request/decode-client-event.ts';
import {
  encodeSocketError,
  encodeSteerFailure,
  withStreamId,
} from '../../openai/responses/response/encode-error.ts';
import { StalledReaderError } from '../edge/write-text.ts';
import { describeFailure } from '../requests/describe-failure.ts';
import { createAnswerCreate, type AnswerCreateOptions } from './answer-create.ts';
import type { OpenSocket } from './open-sockets.ts';
import { receiveMessages, type ReceivedMessage, type ReceiveOptions } from './receive-messages.ts';

export interface ConverseOptions extends Omit<AnswerCreateOptions, 'history' | 'send'>, ReceiveOptions {
  readonly socket: WebSocket;
  /** The connection that the WebSocket writes to. */
  readonly connection: Socket;
  /** Time for which a client may read nothing before it counts as gone. */
  readonly stallLimitMs: number;
  /** Maximum bytes of the requests in the queue. */
  readonly queueLimitBytes: number;
  /** Time after which the client must reconnect. */
  readonly lifetimeMs: number;
}

/** A request in the queue, or the problem of one: failures are sent in the order of their messages. */
interface QueuedRequest {
  readonly bytes: number;
  readonly release: () => void;
  readonly streamId: string | undefined;
  readonly event: CreateEvent | { readonly problem: unknown };
}

/** Maximum requests in the queue of one connection. */
const MAX_QUEUED = 16;

/** Maximum characters of the responses that one connection remembers. */
const MAX_HISTORY_CHARACTERS = 64 * 1024 * 1024;

/** Maximum bytes that may wait to be sent. */
const HIGH_WATER_BYTES = 64 * 1024;

/** Close code of a server that goes away; the official clients reconnect when they see it. */
const GOING_AWAY = 1001;

/** Answers the requests of a WebSocket connection, one response after another. */
export function converse(options: ConverseOptions): OpenSocket {
  const { socket, observer, requestId, signal, lifetimeMs } = options;
  let closingError: GatewayError | undefined;

  const { send, refuse, drop } = createSender(options);
  const history = createConnectionHistory(MAX_HISTORY_CHARACTERS);
  const answerCreate = createAnswerCreate({ ...options, history, send });

  async function answer({ event, streamId, release }: QueuedRequest): Promise<void> {
    try {
      if ('problem' in event) await refuse(event.problem, streamId);
      else await observer.within({ id: requestId }, () => answerCreate(event));
    } catch (error) {
      drop(error);
    } finally {
      release();
    }
  }

  const queue = createSerialQueue(answer, {
    count: MAX_QUEUED,
    capacity: options.queueLimitBytes,
    sizeOf: ({ bytes }: QueuedRequest) => bytes,
  });

  async function handle({ event, bytes, release }: ReceivedMessage): Promise<void> {
    if ('type' in event && event.type === 'response.steer') {
      release();
      await send([encodeSteerFailure(event.body)]);
      return;
    }
    const streamId = 'problem' in event ? undefined : event.streamId;
    if (queue.push({ event, streamId, bytes, release })) return;
    release();
    await refuse(closingError ?? queueFull(), streamId);
  }

  /** Refuses the requests in the queue and closes; with `always`, the client gets the error even if none is queued. */
  async function close(error: GatewayError, always: boolean): Promise<void> {
    if (closingError !== undefined) return;
    closingError = error;
    clearTimeout(expiry);
    const queued: readonly Pick<QueuedRequest, 'streamId'>[] = await queue.end();
    const refused = queued.length === 0 && always ? [{ streamId: undefined }] : queued;
    for (const { streamId } of refused) await refuse(error, streamId);
    socket.close(GOING_AWAY);
  }

  const expiry = setTimeout(() => void close(expired(lifetimeMs), true).catch(drop), lifetimeMs);
  receiveMessages(options, handle, drop);
  // Messages that break the protocol or the limit close the connection with a code of their own.
  socket.on('error', (error) => observer.observe({ type: 'connection-broken', problem: error.message }));
  socket.once('close', () => clearTimeout(expiry));
  onAbort(signal, {
    told: (reason) => void close(reason, true).catch(drop),
    gone: () => void queue.end(),
  });

  return { leave: () => void close(shuttingDown(), false).catch(drop) };
}

interface AbortListeners {
  /** Called with the reason for a client that is still there. */
  told(reason: GatewayError): void;
  gone(): void;
}

function onAbort(signal: AbortSignal, { told, gone }: AbortListeners): void {
  signal.addEventListener('abort', () => {
    const reason: unknown = signal.reason;
    if (reason instanceof GatewayError) told(reason);
    else gone();
  });
}

interface Sender {
  /** Sends messages together; rejects with a `StalledReaderError` when the client does not read. */
  send(messages: readonly JsonObject[]): Promise<void>;
  /** Sends and reports an error. */
  refuse(error: unknown, streamId?: string): Promise<void>;
  /** Cuts the connection of a client that does not read. */
  drop(error: unknown): void;
}

function createSender(options: ConverseOptions): Sender {
  const { socket, observer, requestId } = options;
  const send = (messages: readonly JsonObject[]) => sendMessages(messages, options);

  function report(type: 'socket-message-refused' | 'socket-dropped', error: unknown): void {
    const failure = describeFailure(error);
    if (failure) observer.observe({ type, id: requestId, failure });
  }

  return {
    send,
    async refuse(error, streamId) {
      report('socket-message-refused', error);
      await send([withStreamId(encodeSocketError(error), streamId)]);
    },
    drop(error) {
      report('socket-dropped', error);
      socket.terminate();
    },
  };
}

/** Sends objects as text messages, in one write, and waits for a slow reader; rejects with a `StalledReaderError`. */
async function sendMessages(
  messages: readonly object[],
  { socket, connection, stallLimitMs }: ConverseOptions,
): Promise<void> {
  if (messages.length === 0) return;
  const sent = Promise.withResolvers<void>();
  connection.cork();
  // A closed connection is not an error here: its signal aborts the response.
  for (const message of messages) socket.send(JSON.stringify(message), () => sent.resolve());
  connection.uncork();
  if (socket.bufferedAmount <= HIGH_WATER_BYTES) return;
  if ((await withTimeout(sent.promise, stallLimitMs)) === 'timeout') throw new StalledReaderError();
}

function queueFull(): GatewayError {
  return new GatewayError(
    'queue_full',
    'Too many requests wait on this connection; wait for the end of a response, or open another connection.',
  );
}

function expired(lifetimeMs: number): GatewayError {
  const minutes = Math.round(lifetimeMs / 60_000);
  return new GatewayError(
    'connection_expired',
    `Responses websocket connection limit reached (${minutes} minutes). Create a new websocket connection to continue.`,
  );
}
