import type { ModelDirectory } from '../../gateway/models/model-directory.ts';
import { decodeModelsQuery, encodeModel, encodeModelList } from '../../openai/models/models.ts';
import type { Middleware } from '../requests/context.ts';

/** Answers `GET /v1/models`; `?hidden=true` adds the hidden models. */
export function answerModelList(models: ModelDirectory): Middleware {
  return async (ctx) => {
    const { withHidden } = decodeModelsQuery(ctx.query);
    ctx.body = encodeModelList(await models.list(ctx.state.signal, withHidden));
  };
}

/** Answers `GET /v1/models/{id}`; an id may contain slashes. */
export function retrieveModel(models: ModelDirectory): Middleware {
  return async (ctx) => {
    const { id } = ctx.params as { id: string | string[] };
    ctx.body = encodeModel(await models.find([id].flat().join('/'), ctx.state.signal));
  };
}
