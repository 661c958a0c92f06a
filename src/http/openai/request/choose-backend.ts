import { isJsonObject } from '../../../base/json.ts';
import type { BackendName, ModelDirectory } from '../../../gateway/models/model-directory.ts';
import type { Middleware } from '../../requests/context.ts';

/** A route's handler for each backend; a new backend does not compile until every route has one for it. */
export type BackendHandlers = Readonly<Record<BackendName, Middleware>>;

/**
 * Passes a request to the handler of the backend that serves its model. The body is parsed by then, but nothing has
 * decoded it, so a backend may also forward it as bytes.
 */
export function chooseBackend(
  models: Pick<ModelDirectory, 'backendOf'>,
  handlers: BackendHandlers,
): Middleware {
  return async (ctx, next) => {
    const backend = await backendFor(models, ctx.request.body, ctx.state.signal);
    await handlers[backend](ctx, next);
  };
}

/** Resolves to the backend that serves the model of a body. A model of a wrong type is left to the decoder of the backend. */
export async function backendFor(
  models: Pick<ModelDirectory, 'backendOf'>,
  body: unknown,
  signal: AbortSignal,
): Promise<BackendName> {
  const model = isJsonObject(body) && typeof body.model === 'string' ? body.model : undefined;
  return await models.backendOf(model, signal);
}
