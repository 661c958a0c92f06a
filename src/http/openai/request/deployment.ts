import { isJsonObject } from '../../../base/json.ts';
import type { Middleware } from '../../requests/context.ts';

/** Uses the deployment of an Azure path as the model of a body that names none. */
export function useDeployment(): Middleware {
  return async (ctx, next) => {
    ctx.request.body = withDeployment(ctx.request.body, ctx.state.deployment);
    await next();
  };
}

/** Returns the body with the deployment as its model, unless it names a model itself. */
export function withDeployment(body: unknown, deployment: string | undefined): unknown {
  if (deployment === undefined || !isJsonObject(body) || (body.model ?? null) !== null) return body;
  return { ...body, model: deployment };
}
