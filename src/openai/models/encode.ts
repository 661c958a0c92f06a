import type { Model } from '../../conversation/model.ts';

/** A `Model` object, with extra keys for clients that choose by them. */
export function encodeModel(model: Model) {
  return {
    id: model.id,
    object: 'model',
    // Codex's catalog holds no dates; clients need a number.
    created: 0,
    owned_by: model.ownedBy,
    context_length: model.contextLength,
    reasoning_efforts: model.reasoningEfforts ?? [],
    input_modalities: model.inputModalities,
  };
}

/** The answer to `GET /v1/models`. */
export function encodeModelList(models: readonly Model[]) {
  return { object: 'list', data: models.map(encodeModel) };
}
