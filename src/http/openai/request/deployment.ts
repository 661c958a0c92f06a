import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import type { Middleware } from '../../requests/context.ts';

/** Uses the deployment of an Azure path as the model of a body that names none. */
export function useDeployment(): Middleware {
  return async (ctx, next) => {
    const { body } = ctx.request;
    if (isJsonObject(body)) ctx.request.body = withDeployment(body, ctx.state.deployment);
    await next();
  };
}

/** Returns the body with the deployment as its model, unless it names a model itself. */
export function withDeployment(body: JsonObject, deployment: string | undefined): JsonObject {
  if (deployment === undefined || (body.model ?? null) !== null) return body;
  return { ...body, model: deployment };
}
