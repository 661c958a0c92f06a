import { once } from 'node:events';
import type { Server } from 'node:http';
import { onTestFinished } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { fixedTokens } from './fixed-tokens.ts';
import { listen } from '../../src/app/lifecycle/listen.ts';
import { parseJsonBody } from '../../src/app/worker/parse-json-body.ts';
import { GatewayError } from '../../src/base/errors.ts';
import type { Model } from '../../src/conversation/model.ts';
import type { AnswerEvent } from '../../src/conversation/turn-event.ts';
import type { TurnRequest } from '../../src/conversation/turn-request.ts';
import { NO_USAGE } from '../../src/conversation/usage.ts';
import type { Gateway, ResolvedRequest } from '../../src/gateway/gateway.ts';
import { createModelDirectory } from '../../src/gateway/models/model-directory.ts';
import { createActiveRequests, type ActiveRequests } from '../../src/http/requests/active-requests.ts';
import { createApp, type AppOptions } from '../../src/http/app.ts';
import { createIdempotencyKeys } from '../../src/gateway/state/idempotency-keys.ts';
import type { CallerState } from '../../src/http/openai/caller-state.ts';
import { createBackgroundResponses } from '../../src/http/openai/responses/background-responses.ts';
import { createOpenSockets, type OpenSockets } from '../../src/http/web-socket/open-sockets.ts';
import { batchAnswers } from './answer-batches.ts';
import { createMemoryLog, type MemoryLog } from './memory-log.ts';

/** The events with which a model answers one request. */
export type Saying = (signal: AbortSignal) => AsyncIterable<AnswerEvent>;

/** The HTTP surface with scripted models. */
export interface ServedGateway {
  readonly origin: string;
  readonly server: Server;
  readonly active: ActiveRequests;
  readonly sockets: OpenSockets;
  readonly log: MemoryLog;
  /** Opens a WebSocket with the right token. */
  open(options?: ClientOptions): Promise<SocketClient>;
  close(): Promise<void>;
}

/** A WebSocket, one message at a time. */
interface SocketClient {
  readonly socket: WebSocket;
  send(message: object): void;
  /** The next message. */
  next(): Promise<Message>;
  /** The messages up to one of the type. */
  until(type: string): Promise<Message[]>;
  /** Settles with the code by which the connection is closed. */
  readonly closed: Promise<number>;
}

interface Message {
  readonly type: string;
  readonly [key: string]: unknown;
}

const MODEL: Model = {
  id: 'one',
  isListed: true,
  isDefault: true,
  ownedBy: 'test',
  contextLength: null,
  reasoningEfforts: null,
  serviceTiers: null,
  defaultReasoningEffort: null,
  inputModalities: ['text'],
  webSearch: false,
};

export const END: AnswerEvent = { type: 'turn-end', reason: 'stop', isComplete: true, usage: NO_USAGE };

/** Says one text. */
export function saying(text: string): Saying {
  return async function* () {
    yield { type: 'message-start', phase: undefined };
    yield { type: 'text-delta', text };
    yield END;
  };
}

/** Begins, and goes on when the gate opens; ends with the reason of its signal. */
export function waiting(gate: Promise<void>): Saying {
  return async function* (signal) {
    const aborted = Promise.withResolvers<never>();
    signal.addEventListener('abort', () => aborted.reject(signal.reason));
    yield { type: 'message-start', phase: undefined };
    yield { type: 'text-delta', text: 'Hi.' };
    await Promise.race([gate, aborted.promise]);
    yield END;
  };
}

/** Starts a gateway that is closed when the running test ends. */
export async function startSocketGateway(
  say: Saying,
  options: Partial<AppOptions> = {},
): Promise<ServedGateway> {
  const served = await serveScripted(say, options);
  onTestFinished(served.close);
  return served;
}

export async function serveScripted(say: Saying, options: Partial<AppOptions> = {}): Promise<ServedGateway> {
  const log = createMemoryLog();
  const active = createActiveRequests();
  const sockets = createOpenSockets();
  const keys = createIdempotencyKeys();
  const state: CallerState = {
    store: undefined,
    sealing: { seal: (text) => text, unseal: () => undefined },
    keys,
    background: createBackgroundResponses(undefined, keys),
  };
  const app = createApp({
    gateway: createFakeGateway(say),
    models: createModelDirectory([{ name: 'codex', models: async () => [MODEL], find: findModel }]),
    status: async () => ({}),
    usage: async () => ({}),
    readiness: async () => [],
    metrics: async () => ({ contentType: 'text/plain', text: '' }),
    stateOf: () => state,
    active,
    sockets,
    socketLifetimeMs: 60_000,
    observer: log,
    tokens: fixedTokens({ token: 'main' }),
    command: 'codex-gateway',
    originator: 'codex-gateway',
    bodyLimitBytes: 10_000,
    parseBody: async (body) => parseJsonBody(body),
    policy: { strict: false, enforceMaxTokens: false },
    keepAlive: { commentMs: 15_000, heartbeatMs: 60_000, firstSpaceMs: 20_000, nextSpaceMs: 30_000 },
    stallLimitMs: 60_000,
    ...options,
  });
  const handle = app.callback();
  const { server, port, cut, close } = await listen(
    '127.0.0.1',
    0,
    (request, response) => void handle(request, response),
  );
  return {
    origin: `http://127.0.0.1:${port}`,
    server,
    active,
    sockets,
    log,
    async open({ headers, ...rest } = {}) {
      const client = createClient(
        new WebSocket(`ws://127.0.0.1:${port}/v1/responses`, {
          headers: { authorization: 'Bearer token', ...headers },
          ...rest,
        }),
      );
      await once(client.socket, 'open');
      return client;
    },
    async close() {
      cut();
      await close();
    },
  };
}

async function findModel(id: string): Promise<Model> {
  if (id !== MODEL.id) throw new GatewayError('model_not_found', `No model '${id}'.`, { param: 'model' });
  return MODEL;
}

function createFakeGateway(say: Saying): Gateway {
  async function resolveRequest({ turn }: TurnRequest): Promise<ResolvedRequest> {
    await findModel(turn.model);
    return { model: turn.model, adjustments: [], serviceTier: 'default', reasoningEffort: null };
  }
  return {
    limits: () => [],
    turns: () => ({ running: 0, waiting: 0 }),
    maxAnswers: 1,
    reserve: () => [{ run: async () => {}, answered: () => {}, cancel: () => {} }],
    countTokens: async () => 0,
    resolveRequest,
    answer: async (request, signal) => ({
      ...(await resolveRequest(request)),
      events: batchAnswers(say(signal)),
    }),
  };
}

function createClient(socket: WebSocket): SocketClient {
  const messages: Message[] = [];
  let wake = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<number>();
  socket.on('message', (data) => {
    messages.push(JSON.parse((data as Buffer).toString()) as Message);
    wake.resolve();
  });
  socket.on('error', () => {});
  socket.once('close', (code) => {
    closed.resolve(code);
    wake.promise.catch(() => {});
    wake.reject(new Error(`closed with ${code}`));
  });
  onTestFinished(() => socket.terminate());

  async function next(): Promise<Message> {
    while (messages.length === 0) {
      await wake.promise;
      wake = Promise.withResolvers();
    }
    return messages.shift()!;
  }
  return {
    socket,
    send: (message) => socket.send(JSON.stringify(message)),
    next,
    async until(type) {
      const read = [await next()];
      while (read.at(-1)!.type !== type) read.push(await next());
      return read;
    },
    closed: closed.promise,
  };
}
