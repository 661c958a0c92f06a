import type { Policy } from '../../openai/request/policy.ts';
import { clientName } from '../requests/client-name.ts';
import type { Middleware } from '../requests/context.ts';
import type { KeepAliveTimes } from '../edge/keep-alive-times.ts';
import { policyFor } from '../requests/policy-for.ts';
import { converse, type ConverseOptions } from './converse.ts';
import { createAccept } from './handshake.ts';
import type { OpenSockets } from './open-sockets.ts';
import { watchPeer } from './watch-peer.ts';

export interface ConnectResponsesOptions extends Pick<
  ConverseOptions,
  'responder' | 'gateway' | 'log' | 'stallLimit' | 'bodyBudget' | 'parseBody'
> {
  readonly sockets: OpenSockets;
  /** Milliseconds after which a client has to connect anew. */
  readonly socketLifetime: number;
  readonly keepAlive: KeepAliveTimes;
  readonly policy: Policy;
  /** Bytes of a message. */
  readonly bodyLimit: number;
}

/** `GET /v1/responses`, as a WebSocket */
export function connectResponses(options: ConnectResponsesOptions): Middleware {
  const { sockets, keepAlive, bodyLimit, stallLimit } = options;
  const accept = createAccept(bodyLimit);
  return (ctx) => {
    const { requestId, signal, deployment } = ctx.state;
    const { strict } = policyFor(ctx, options.policy);
    const socket = accept(ctx);
    watchPeer(socket, ctx.req.socket, { interval: keepAlive.comment, limit: stallLimit });
    const conversation = converse({
      ...options,
      socket,
      requestId,
      client: clientName(ctx.get('user-agent')),
      strict,
      deployment,
      signal,
      heartbeat: keepAlive.heartbeat,
      waitingLimit: bodyLimit,
      lifetime: options.socketLifetime,
    });
    socket.once('close', sockets.add(conversation));
  };
}
