import Koa from 'koa';
import { encodeError } from '../openai/vocabulary/error-body.ts';
import { checkHostHeader, type HostRules } from './middleware/check-host.ts';
import { checkOrigin } from './middleware/check-origin.ts';
import { checkHead } from './middleware/check-request.ts';
import { refuseDraining } from './middleware/refuse-draining.ts';
import { reportErrors } from './middleware/report-errors.ts';
import { answerPreflights, shareAnswers } from './middleware/share-answers.ts';
import { trackRequest, type TrackRequestOptions } from './middleware/track-request.ts';
import type { Middleware, RequestState } from './requests/context.ts';
import { createOriginRule, type OriginRules } from './requests/origin-rules.ts';
import type { TokenChecks } from './requests/token-checks.ts';

/** Rules for who may reach a server, before any token is looked at. */
export interface Reach extends HostRules, OriginRules, Pick<TrackRequestOptions, 'trustedProxies'> {}

export interface BaseAppOptions extends Omit<TrackRequestOptions, 'trustedProxies'> {
  /** Undefined for a server without a token. */
  readonly tokens: Pick<TokenChecks, 'isRequired'> | undefined;
  readonly reach?: Reach;
  /** Returns true while the server stops. */
  isDraining?(): boolean;
}

/** Creates an app without routes, with what every request needs. */
export function createBaseApp(options: BaseAppOptions): Koa<RequestState> {
  const { observer, tokens, reach = {}, isDraining = () => false } = options;
  const judge = createOriginRule(reach);
  const app = new Koa<RequestState>();
  // Broken connections; the request's own line in the log reports them, too.
  app.on('error', (error: Error) => observer.observe({ type: 'connection-broken', problem: error.message }));
  app.use(trackRequest({ ...options, trustedProxies: reach.trustedProxies }));
  app.use(reportErrors(encodeError, options.findSurface));
  app.use(noteOpenness(tokens));
  app.use(shareAnswers(judge));
  app.use(checkHostHeader(reach));
  app.use(checkHead());
  app.use(checkOrigin(judge));
  app.use(answerPreflights(judge));
  app.use(refuseDraining(isDraining));
  return app;
}

/** Notes if this request needs no token, which may change while the server runs. */
function noteOpenness(tokens: BaseAppOptions['tokens']): Middleware {
  return async (ctx, next) => {
    // Nothing is waited for unless that is needed: the parser may find an error in the body at once.
    ctx.state.isOpen =
      tokens === undefined || (tokens.isRequired !== undefined && !(await tokens.isRequired()));
    await next();
  };
}
