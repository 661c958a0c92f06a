import type Koa from 'koa';
import { createBaseApp, type BaseAppOptions } from './base-app.ts';
import { showHealth, showReadiness, type ReadReadiness } from './operations/probes.ts';
import type { Middleware, RequestState } from './requests/context.ts';

interface ProbeAppOptions extends BaseAppOptions {
  readonly readiness: ReadReadiness;
}

/** Creates the request handler for probes of a gateway that is still starting. */
export function createProbeApp({ readiness, ...options }: ProbeAppOptions): Koa<RequestState> {
  const app = createBaseApp(options);
  const answerReadiness = showReadiness(readiness);
  const answer: Middleware = (ctx, next) =>
    /readyz/i.test(ctx.path) ? answerReadiness(ctx, next) : showHealth(ctx, next);
  app.use(answer);
  return app;
}
