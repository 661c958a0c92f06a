import type { Model } from '../../conversation/model.ts';

/** A `Model` object, with extra keys for clients that choose by them. */
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
    ...(!model.listed && { hidden: true }),
    ...(model.aliasOf !== undefined && { alias_of: model.aliasOf }),
  };
}

/** The answer to `GET /v1/models`. */
export function encodeModelList(models: readonly Model[]) {
  return { object: 'list', data: models.map(encodeModel) };
}

/** Returns Unix seconds. Codex's catalog holds no dates, but the id of a snapshot ends with its own; clients need a number. */
function createdAt({ id, aliasOf = id }: Model): number {
  const [, day] = /-(20\d\d-\d\d-\d\d)$/.exec(aliasOf) ?? [];
  const time = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(time) ? 0 : time / 1000;
}
