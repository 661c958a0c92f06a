import { isJsonObject } from '../../../base/json.ts';
import type { BackendName } from '../../../gateway/models/model-directory.ts';
import type { Middleware } from '../../requests/context.ts';

/** Knows which backend serves a model. */
export interface BackendDirectory<Name extends string = BackendName> {
  backendOf(model: string | undefined, signal: AbortSignal): Promise<Name>;
}

/** A route's handler for each backend; a new backend does not compile until every route has one for it. */
export type BackendHandlers<Name extends string = BackendName> = Readonly<Record<Name, Middleware>>;

/**
 * Passes a request to the handler of the backend that serves its model. The body is parsed by then, but nothing has
 * decoded it, so a backend may also forward it as bytes.
 */
export function chooseBackend<Name extends string>(
  models: BackendDirectory<Name>,
  handlers: BackendHandlers<Name>,
): Middleware {
  return async (ctx, next) => {
    const backend = await backendFor(models, ctx.request.body, ctx.state.signal);
    await handlers[backend](ctx, next);
  };
}

/** Resolves to the backend that serves the model of a body. A model of a wrong type is left to the decoder of the backend. */
export async function backendFor<Name extends string>(
  models: BackendDirectory<Name>,
  body: unknown,
  signal: AbortSignal,
): Promise<Name> {
  return await models.backendOf(modelOf(body), signal);
}

/** Returns the model that a body names. */
export function modelOf(body: unknown): string | undefined {
  return isJsonObject(body) && typeof body.model === 'string' ? body.model : undefined;
}
