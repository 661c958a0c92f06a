import Router from '@koa/router';
import Koa from 'koa';
import type { Log } from '../base/log.ts';
import type { Sealing } from '../conversation/ports/sealing.ts';
import type { Store } from '../conversation/ports/store.ts';
import { createConversations } from '../gateway/state/conversations.ts';
import type { IdempotencyKeys } from '../gateway/state/idempotency-keys.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { ModelDirectory } from '../gateway/models/model-directory.ts';
import type { Policy } from '../openai/request/policy.ts';
import type { ActiveRequests } from './requests/active-requests.ts';
import type { BodyParser } from './body/body-parser.ts';
import { createByteBudget } from './body/byte-budget.ts';
import type { Middleware, State } from './requests/context.ts';
import type { KeepAliveTimes } from './edge/keep-alive-times.ts';
import { authenticate } from './middleware/authenticate.ts';
import { checkHead } from './middleware/check-head.ts';
import { checkUrl } from './middleware/check-url.ts';
import { checkOrigin } from './middleware/check-origin.ts';
import { findRoute } from './middleware/find-route.ts';
import { notFound } from './middleware/not-found.ts';
import { readBody } from './middleware/read-body.ts';
import { refuseLoops } from './middleware/refuse-loops.ts';
import { reportErrors } from './middleware/report-errors.ts';
import { tellLimits } from './middleware/tell-limits.ts';
import { trackRequest } from './middleware/track-request.ts';
import { useDeployment } from './middleware/use-deployment.ts';
import { chatCompletions } from './openai/chat-completions.ts';
import { completions } from './openai/completions.ts';
import { compactResponse } from './openai/compaction.ts';
import { connectResponses } from './web-socket/connect-responses.ts';
import { addItems, deleteItem, listItems, retrieveItem } from './openai/conversation-items.ts';
import {
  createConversation,
  deleteConversation,
  retrieveConversation,
  updateConversation,
} from './openai/conversations.ts';
import { healthz } from './operations/healthz.ts';
import { countInputTokens } from './openai/input-tokens.ts';
import { listModels, retrieveModel } from './openai/models.ts';
import { createResponse } from './openai/responses.ts';
import {
  cancelResponse,
  deleteResponse,
  listInputItems,
  retrieveResponse,
} from './openai/stored-responses.ts';
import { status } from './operations/status.ts';
import { usage } from './operations/usage.ts';
import type { BackgroundResponses } from './openai/background-responses.ts';
import { createRecollect } from './openai/recollect.ts';
import { createResponder } from './openai/responder.ts';
import type { OpenSockets } from './web-socket/open-sockets.ts';

/** Largest bodies for which there is room at once, until they are answered. */
const BODIES_UNDER_WAY = 8;

export interface AppOptions {
  readonly gateway: Gateway;
  readonly models: ModelDirectory;
  /** What `GET /status` tells whoever has the token. */
  status(signal: AbortSignal): Promise<object>;
  /** The answer to `GET /v1/usage`. */
  usage(signal: AbortSignal): Promise<object>;
  /** Of whoever has the token; undefined where nothing is stored. */
  readonly store: Store | undefined;
  /** Of what callers hold for the gateway. */
  readonly sealing: Sealing;
  readonly background: BackgroundResponses;
  /** Of all routes. */
  readonly keys: IdempotencyKeys;
  readonly active: ActiveRequests;
  readonly sockets: OpenSockets;
  /** Milliseconds after which the client of a WebSocket has to connect anew. */
  readonly socketLifetime: number;
  readonly log: Log;
  readonly token: string;
  /** Command by which the user calls this program, for advice in errors. */
  readonly command: string;
  /** The `originator` of the gateway's own child. */
  readonly originator: string;
  /** Bytes. */
  readonly bodyLimit: number;
  readonly parseBody: BodyParser;
  readonly policy: Policy;
  readonly keepAlive: KeepAliveTimes;
  /** Milliseconds that a client may take to read what was written. */
  readonly stallLimit: number;
}

/** The HTTP surface: everything it reaches is the gateway it is given. */
export function createApp(options: AppOptions): Koa<State> {
  const { gateway, log, store, sealing } = options;
  const bodyBudget = createByteBudget(BODIES_UNDER_WAY * options.bodyLimit);
  const body = readBody({ ...options, bodyBudget });
  const deployment = useDeployment();
  const limits = tellLimits(gateway);
  const policy = { ...options.policy, stores: store !== undefined };
  const responses = {
    ...options,
    responder: createResponder({ gateway, store, policy, unseal: sealing.unseal }),
  };
  const reading = { ...options, recollect: createRecollect(store, sealing.unseal) };
  const conversations = { ...reading, conversations: createConversations(store) };
  const routes: [method: 'get' | 'post' | 'delete', path: string, ...handlers: Middleware[]][] = [
    ['get', '/v1/models', listModels(options)],
    ['get', '/v1/models/{*id}', retrieveModel(options)],
    ['get', '/status', status(options)],
    ['get', '/v1/usage', usage(options)],
    ['post', '/v1/chat/completions', body, deployment, limits, chatCompletions(options)],
    ['post', '/v1/completions', body, deployment, limits, completions(options)],
    ['post', '/v1/responses', body, deployment, limits, createResponse(responses)],
    ['get', '/v1/responses', connectResponses({ ...responses, bodyBudget })],
    ['get', '/v1/responses/:id', retrieveResponse(options)],
    ['delete', '/v1/responses/:id', deleteResponse(options)],
    ['post', '/v1/responses/:id/cancel', cancelResponse(options)],
    ['get', '/v1/responses/:id/input_items', listInputItems(options)],
    ['post', '/v1/responses/compact', body, deployment, limits, compactResponse(reading)],
    ['post', '/v1/responses/input_tokens', body, deployment, countInputTokens(reading)],
    ['post', '/v1/conversations', body, createConversation(conversations)],
    ['get', '/v1/conversations/:id', retrieveConversation(conversations)],
    ['post', '/v1/conversations/:id', body, updateConversation(conversations)],
    ['delete', '/v1/conversations/:id', deleteConversation(conversations)],
    ['post', '/v1/conversations/:id/items', body, addItems(conversations)],
    ['get', '/v1/conversations/:id/items', listItems(conversations)],
    ['get', '/v1/conversations/:id/items/:item_id', retrieveItem(conversations)],
    ['delete', '/v1/conversations/:id/items/:item_id', deleteItem(conversations)],
  ];

  const open = new Router<State>().get('/healthz', healthz());
  const guarded = new Router<State>();
  for (const [method, path, ...handlers] of routes) guarded[method](path, ...handlers);

  const app = new Koa<State>();
  // Connections that break are reported by the request's own log line.
  app.on('error', (error: Error) => log.observe({ type: 'connection-broken', problem: error.message }));
  app.use(trackRequest(options));
  app.use(reportErrors());
  app.use(checkHead());
  app.use(checkUrl());
  app.use(checkOrigin());
  app.use(refuseLoops(options.originator));
  app.use(findRoute());
  app.use(open.routes());
  app.use(authenticate(options));
  app.use(guarded.routes());
  app.use(notFound());
  return app;
}
