import type { WebSocket } from 'ws';
import { GatewayError, shuttingDown } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { createSerialQueue } from '../../base/async/serial-queue.ts';
import { createConnectionMemory } from '../../gateway/state/connection-memory.ts';
import type { CreateEvent } from '../../openai/responses/request/decode-client-event.ts';
import {
  encodeSocketError,
  encodeSteerFailure,
  inLane,
} from '../../openai/responses/response/encode-server-event.ts';
import { describeFailure } from '../requests/describe-failure.ts';
import { createAnswerCreate, type AnswerCreateOptions } from './answer-create.ts';
import type { OpenSocket } from './open-sockets.ts';
import { receiveMessages, type ReceivedMessage, type ReceiveOptions } from './receive-messages.ts';
import { sendMessage } from './send-message.ts';

export interface ConverseOptions extends Omit<AnswerCreateOptions, 'memory' | 'send'>, ReceiveOptions {
  readonly socket: WebSocket;
  /** Milliseconds that the client may take to read what was sent. */
  readonly stallLimit: number;
  /** Bytes of requests that may wait. */
  readonly waitingLimit: number;
  /** Milliseconds after which the client has to connect anew. */
  readonly lifetime: number;
}

/** A request in its turn, or what is wrong with it: failures keep the order of what they answer. */
interface Task {
  readonly size: number;
  readonly letGo: () => void;
  readonly streamId: string | undefined;
  readonly asked: CreateEvent | { readonly problem: unknown };
}

/** Requests that may wait for the one that is being answered. */
const MAX_WAITING = 16;

/** Characters of what a connection remembers. */
const MEMORY = 64 * 1024 * 1024;

/** Going away. The official clients connect anew where they find it. */
const GOING_AWAY = 1001;

/** Answers what a client asks over a WebSocket, one response after another. */
export function converse(options: ConverseOptions): OpenSocket {
  const { socket, log, requestId, signal, stallLimit } = options;
  let leaving: GatewayError | undefined;

  const send = (message: JsonObject) => sendMessage(socket, message, stallLimit);
  const memory = createConnectionMemory(MEMORY);
  const answerCreate = createAnswerCreate({ ...options, memory, send });

  function report(type: 'socket-message-refused' | 'socket-dropped', error: unknown): void {
    const failure = describeFailure(error);
    if (failure) log.observe({ type, id: requestId, failure });
  }

  async function run({ asked, streamId, letGo }: Task): Promise<void> {
    try {
      if ('problem' in asked) await fail(asked.problem, streamId);
      else await log.within({ id: requestId }, () => answerCreate(asked));
    } catch (error) {
      drop(error);
    } finally {
      letGo();
    }
  }

  async function fail(error: unknown, streamId?: string): Promise<void> {
    report('socket-message-refused', error);
    await send(inLane(encodeSocketError(error), streamId));
  }

  /** Nothing more can be told to a client that does not read. */
  function drop(error: unknown): void {
    report('socket-dropped', error);
    socket.terminate();
  }

  const line = createSerialQueue(run, {
    count: MAX_WAITING,
    capacity: options.waitingLimit,
    sizeOf: ({ size }: Task) => size,
  });

  async function take({ asked, size, letGo }: ReceivedMessage): Promise<void> {
    if ('type' in asked && asked.type === 'response.steer') {
      letGo();
      await send(encodeSteerFailure(asked.body));
      return;
    }
    const streamId = 'problem' in asked ? undefined : asked.streamId;
    if (line.push({ asked, streamId, size, letGo })) return;
    letGo();
    await fail(leaving ?? tooMany(), streamId);
  }

  /** Whoever waits is told why; `always` tells it also where nobody does. */
  async function leave(error: GatewayError, always: boolean): Promise<void> {
    if (leaving !== undefined) return;
    leaving = error;
    clearTimeout(expiry);
    const left: readonly Pick<Task, 'streamId'>[] = await line.end();
    const told = left.length === 0 && always ? [{ streamId: undefined }] : left;
    for (const { streamId } of told) await fail(error, streamId);
    socket.close(GOING_AWAY);
  }

  const expiry = setTimeout(() => void leave(expired(options.lifetime), true).catch(drop), options.lifetime);
  receiveMessages(options, take, drop);
  // Messages that break the protocol or the limit close the connection with a code of their own.
  socket.on('error', (error) => log.observe({ type: 'connection-broken', problem: error.message }));
  socket.once('close', () => clearTimeout(expiry));
  signal.addEventListener('abort', () => void line.end());

  return { leave: () => void leave(shuttingDown(), false).catch(drop) };
}

function tooMany(): GatewayError {
  return new GatewayError(
    'queue_full',
    'Too many requests wait on this connection; wait for the end of a response, or open another connection.',
  );
}

function expired(lifetime: number): GatewayError {
  const minutes = Math.round(lifetime / 60_000);
  return new GatewayError(
    'connection_expired',
    `Responses websocket connection limit reached (${minutes} minutes). Create a new websocket connection to continue.`,
  );
}
