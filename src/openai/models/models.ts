import { z } from 'zod';
import type { Model } from '../../conversation/model.ts';
import { decodeValue } from '../request/decode-body.ts';
import type { Query } from '../request/query.ts';

const querySchema = z.object({ hidden: z.enum(['true', 'false']).optional() });

/** Decodes the query of `GET /v1/models`. */
export function decodeModelsQuery(query: Query): { readonly withHidden: boolean } {
  return { withHidden: decodeValue(querySchema, query, []).hidden === 'true' };
}

/** Encodes a `Model` object, with extra keys for clients that choose a model by them. */
export function encodeModel(model: Model) {
  return {
    id: model.id,
    object: 'model',
    created: createdAt(model),
    owned_by: model.ownedBy,
    context_length: model.contextLength,
    reasoning_efforts: model.reasoningEfforts ?? [],
    default_reasoning_effort: model.defaultReasoningEffort,
    input_modalities: model.inputModalities,
    is_default: model.isDefault,
    ...(!model.isListed && { hidden: true }),
    ...(model.aliasOf !== undefined && { alias_of: model.aliasOf }),
  };
}

/** Encodes the answer to `GET /v1/models`. */
export function encodeModelList(models: readonly Model[]) {
  return { object: 'list', data: models.map(encodeModel) };
}

/** Returns Unix seconds: of the date in the id of a snapshot, since Codex's catalog holds no dates; otherwise 0, since clients need a number. */
function createdAt({ id, aliasOf = id }: Model): number {
  const [, day] = /-(20\d\d-\d\d-\d\d)$/.exec(aliasOf) ?? [];
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? 0 : time / 1000;
}
