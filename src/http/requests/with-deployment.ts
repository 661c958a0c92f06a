import { isJsonObject } from '../../base/json.ts';

/** Returns the body with the deployment of its path as the model, where it names none itself. */
export function withDeployment(body: unknown, deployment: string | undefined): unknown {
  if (deployment === undefined || !isJsonObject(body) || (body.model ?? null) !== null) return body;
  return { ...body, model: deployment };
}
