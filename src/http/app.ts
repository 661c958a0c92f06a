import Router from '@koa/router';
import Koa from 'koa';
import type { Log } from '../base/log.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { ChatPolicy } from '../openai/chat/decode.ts';
import type { ActiveRequests } from './active-requests.ts';
import type { Middleware, State } from './context.ts';
import type { KeepAliveTimes } from './keep-alive-times.ts';
import { authenticate } from './middleware/authenticate.ts';
import { checkUrl } from './middleware/check-url.ts';
import { notFound } from './middleware/not-found.ts';
import { readBody } from './middleware/read-body.ts';
import { refuseLoops } from './middleware/refuse-loops.ts';
import { reportErrors } from './middleware/report-errors.ts';
import { tellLimits } from './middleware/tell-limits.ts';
import { trackRequest } from './middleware/track-request.ts';
import { chatCompletions } from './routes/chat-completions.ts';
import { healthz } from './routes/healthz.ts';
import { listModels, retrieveModel } from './routes/models.ts';
import { status } from './routes/status.ts';

export interface AppOptions {
  readonly gateway: Gateway;
  /** What `GET /status` tells whoever has the token. */
  status(signal: AbortSignal): Promise<object>;
  readonly active: ActiveRequests;
  readonly log: Log;
  readonly token: string;
  /** The `originator` of the gateway's own child. */
  readonly originator: string;
  /** Bytes. */
  readonly bodyLimit: number;
  readonly policy: ChatPolicy;
  readonly keepAlive: KeepAliveTimes;
  /** Milliseconds that a client may take to read what was written. */
  readonly stallLimit: number;
}

/** The HTTP surface: everything it reaches is the gateway it is given. */
export function createApp(options: AppOptions): Koa<State> {
  const { gateway, log } = options;
  const body = readBody(options.bodyLimit);
  const routes: [method: 'get' | 'post', path: string, ...handlers: Middleware[]][] = [
    ['get', '/v1/models', listModels(gateway)],
    ['get', '/v1/models/{*id}', retrieveModel(gateway)],
    ['get', '/status', status(options)],
    ['post', '/v1/chat/completions', body, tellLimits(gateway), chatCompletions(options)],
  ];

  const open = new Router<State>().get('/healthz', healthz());
  const guarded = new Router<State>();
  for (const [method, path, ...handlers] of routes) guarded[method](path, ...handlers);
  const served = routes.map(([method, path]) => `${method.toUpperCase()} ${path.replace('{*id}', '{id}')}`);

  const app = new Koa<State>();
  // Connections that break are reported by the request's own log line.
  app.on('error', (error: Error) => log.debug('connection', { problem: error.message }));
  app.use(trackRequest(options));
  app.use(reportErrors(log));
  app.use(checkUrl());
  app.use(refuseLoops(options.originator));
  app.use(open.routes());
  app.use(authenticate(options.token));
  app.use(guarded.routes());
  app.use(notFound(served));
  return app;
}
