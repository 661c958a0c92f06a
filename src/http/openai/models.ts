import type { Gateway } from '../../gateway/gateway.ts';
import { decodeModelsQuery } from '../../openai/models/decode-query.ts';
import { encodeModel, encodeModelList } from '../../openai/models/encode.ts';
import type { Middleware } from '../requests/context.ts';

/** `GET /v1/models`; `?hidden=true` adds those that are not shown. */
export function listModels(gateway: Gateway): Middleware {
  return async (ctx) => {
    const { withHidden } = decodeModelsQuery(ctx.query);
    ctx.body = encodeModelList(await gateway.listModels(ctx.state.signal, withHidden));
  };
}

/** `GET /v1/models/{id}`; an id may hold slashes. */
export function retrieveModel(gateway: Gateway): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string | string[] };
    ctx.body = encodeModel(await gateway.findModel([id].flat().join('/'), ctx.state.signal));
  };
}
