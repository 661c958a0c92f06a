import Koa from 'koa';
import { encodeError } from '../openai/vocabulary/error-body.ts';
import { checkOrigin } from './middleware/check-origin.ts';
import { checkHead } from './middleware/check-request.ts';
import { refuseDraining } from './middleware/refuse-draining.ts';
import { reportErrors } from './middleware/report-errors.ts';
import { trackRequest, type TrackRequestOptions } from './middleware/track-request.ts';
import type { RequestState } from './requests/context.ts';

export interface BaseAppOptions extends TrackRequestOptions {
  /** Undefined for a server without a token. */
  readonly tokens: object | undefined;
  /** Returns true while the server stops. */
  isDraining?(): boolean;
}

/** Creates an app without routes, with what every request needs. */
export function createBaseApp(options: BaseAppOptions): Koa<RequestState> {
  const { observer, tokens, isDraining = () => false } = options;
  const app = new Koa<RequestState>();
  // Broken connections; the request's own line in the log reports them, too.
  app.on('error', (error: Error) => observer.observe({ type: 'connection-broken', problem: error.message }));
  app.use(trackRequest(options));
  app.use(reportErrors(encodeError));
  app.use(checkHead());
  app.use(checkOrigin(tokens === undefined));
  app.use(refuseDraining(isDraining));
  return app;
}
