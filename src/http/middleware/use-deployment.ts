import type { Middleware } from '../requests/context.ts';
import { withDeployment } from '../requests/with-deployment.ts';

/** Lets the deployment in a path of Azure stand for the model that the body does not name. */
export function useDeployment(): Middleware {
  return async (ctx, next) => {
    ctx.request.body = withDeployment(ctx.request.body, ctx.state.deployment);
    await next();
  };
}
