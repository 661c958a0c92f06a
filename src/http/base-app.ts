import Koa from 'koa';
import { encodeError } from '../openai/vocabulary/error-body.ts';
import { checkHostHeader, type HostRules } from './middleware/check-host.ts';
import { checkOrigin } from './middleware/check-origin.ts';
import { checkHead } from './middleware/check-request.ts';
import { refuseDraining } from './middleware/refuse-draining.ts';
import { reportErrors } from './middleware/report-errors.ts';
import { answerPreflights, shareAnswers } from './middleware/share-answers.ts';
import { trackRequest, type TrackRequestOptions } from './middleware/track-request.ts';
import type { RequestState } from './requests/context.ts';
import { createOriginRule, type OriginRules } from './requests/origin-rules.ts';

/** Rules for who may reach a server, before any token is looked at. */
export interface Reach
  extends
    Omit<HostRules, 'isOpen'>,
    Omit<OriginRules, 'isOpen'>,
    Pick<TrackRequestOptions, 'trustedProxies'> {}

export interface BaseAppOptions extends Omit<TrackRequestOptions, 'trustedProxies'> {
  /** Undefined for a server without a token. */
  readonly tokens: object | undefined;
  readonly reach?: Reach;
  /** Returns true while the server stops. */
  isDraining?(): boolean;
}

/** Creates an app without routes, with what every request needs. */
export function createBaseApp(options: BaseAppOptions): Koa<RequestState> {
  const { observer, tokens, reach, isDraining = () => false } = options;
  const rules = { ...reach, isOpen: tokens === undefined };
  const judge = createOriginRule(rules);
  const app = new Koa<RequestState>();
  // Broken connections; the request's own line in the log reports them, too.
  app.on('error', (error: Error) => observer.observe({ type: 'connection-broken', problem: error.message }));
  app.use(trackRequest({ ...options, trustedProxies: reach?.trustedProxies }));
  app.use(reportErrors(encodeError));
  app.use(shareAnswers(judge));
  app.use(checkHead());
  app.use(checkHostHeader(rules));
  app.use(checkOrigin(judge));
  app.use(answerPreflights(judge));
  app.use(refuseDraining(isDraining));
  return app;
}
