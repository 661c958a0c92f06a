import type Koa from 'koa';
import { createBaseApp, type BaseAppOptions } from './base-app.ts';
import {
  HEALTH_ROUTE,
  READINESS_ROUTE,
  showHealth,
  showReadiness,
  type ReadReadiness,
} from './operations/probes.ts';
import type { Middleware, RequestState } from './requests/context.ts';

interface ProbeAppOptions extends BaseAppOptions {
  readonly readiness: ReadReadiness;
}

/** Creates the request handler for probes of a gateway that is still starting. */
export function createProbeApp({ readiness, ...options }: ProbeAppOptions): Koa<RequestState> {
  const app = createBaseApp(options);
  const answerReadiness = showReadiness(readiness);
  const answer: Middleware = (ctx, next) => {
    const isReadiness = /readyz/i.test(ctx.path);
    ctx.state.record.note({ route: isReadiness ? READINESS_ROUTE : HEALTH_ROUTE });
    return isReadiness ? answerReadiness(ctx, next) : showHealth(ctx, next);
  };
  app.use(answer);
  return app;
}
