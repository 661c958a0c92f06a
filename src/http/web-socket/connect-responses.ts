import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Policy } from '../../openai/request/policy.ts';
import type { KeepAliveTimes } from '../edge/keep-alive.ts';
import { policyFor } from '../openai/request/headers.ts';
import type { Middleware } from '../requests/context.ts';
import type { TokenChecks } from '../requests/token-checks.ts';
import { clientName } from '../requests/request-head.ts';
import { converse, type ConverseOptions } from './converse.ts';
import { createAccept } from './handshake.ts';
import type { OpenSockets } from './open-sockets.ts';

export interface ConnectResponsesOptions extends Pick<
  ConverseOptions,
  'prepareResponse' | 'gateway' | 'models' | 'observer' | 'stallLimitMs' | 'bodyBudget' | 'parseBody'
> {
  readonly sockets: OpenSockets;
  /** Time after which a client must reconnect. */
  readonly socketLifetimeMs: number;
  readonly keepAlive: KeepAliveTimes;
  readonly policy: Policy;
  /** Undefined for a server without a token. */
  readonly tokens: TokenChecks | undefined;
  /** Maximum bytes of one message, and of all messages in the queue of a connection. */
  readonly bodyLimitBytes: number;
}

/** Answers `GET /v1/responses` with a WebSocket. */
export function connectResponses(options: ConnectResponsesOptions): Middleware {
  const { sockets, tokens, keepAlive, bodyLimitBytes, stallLimitMs } = options;
  const accept = createAccept(bodyLimitBytes);
  return async (ctx) => {
    const { requestId, signal, deployment, caller } = ctx.state;
    const userAgent = ctx.get('user-agent');
    const { strict } = policyFor(ctx, options.policy);
    const socket = await accept(ctx);
    watchPeer(socket, ctx.req.socket, { intervalMs: keepAlive.commentMs, limitMs: stallLimitMs });
    const conversation = converse({
      ...options,
      socket,
      connection: ctx.req.socket,
      requestId,
      caller: caller?.id,
      key: caller?.name,
      client: clientName(userAgent),
      enter: async () => caller && (await tokens?.enter(caller, userAgent)),
      strict,
      deployment,
      signal,
      heartbeatMs: keepAlive.heartbeatMs,
      queueLimitBytes: bodyLimitBytes,
      lifetimeMs: options.socketLifetimeMs,
    });
    socket.once('close', sockets.add(conversation));
  };
}

interface WatchTimes {
  /** Time between pings. */
  readonly intervalMs: number;
  /**
   * Time without any byte from the client after which it counts as gone. Long, because some clients answer pings only while
   * they wait for a message, and not while they run a tool.
   */
  readonly limitMs: number;
}

/** Pings the client so that the connection does not look idle, and cuts it when nobody is at the other end any more. */
function watchPeer(socket: WebSocket, connection: Socket, { intervalMs, limitMs }: WatchTimes): void {
  let { bytesRead } = connection;
  let silenceMs = 0;
  const timer = setInterval(() => {
    silenceMs = connection.bytesRead === bytesRead ? silenceMs + intervalMs : 0;
    ({ bytesRead } = connection);
    if (silenceMs >= limitMs) socket.terminate();
    else if (socket.readyState === socket.OPEN) socket.ping();
  }, intervalMs);
  socket.once('close', () => clearInterval(timer));
}
