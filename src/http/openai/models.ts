import type { ModelDirectory } from '../../gateway/models/model-directory.ts';
import { decodeModelsQuery, encodeModel, encodeModelList } from '../../openai/models/models.ts';
import type { Middleware } from '../requests/context.ts';

/** `GET /v1/models`; `?hidden=true` adds those that are not shown. */
export function listModels({ models }: { readonly models: ModelDirectory }): Middleware {
  return async (ctx) => {
    const { withHidden } = decodeModelsQuery(ctx.query);
    ctx.body = encodeModelList(await models.list(ctx.state.signal, withHidden));
  };
}

/** `GET /v1/models/{id}`; an id may hold slashes. */
export function retrieveModel({ models }: { readonly models: ModelDirectory }): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string | string[] };
    ctx.body = encodeModel(await models.find([id].flat().join('/'), ctx.state.signal));
  };
}
