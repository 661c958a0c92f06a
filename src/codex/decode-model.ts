import type { Model as CodexModel } from '../../generated/v2/Model.js';
import type { Model } from '../conversation/model.ts';
import type { CatalogEntry } from './catalog.ts';

/**
 * A `model/list` entry. `known` is the model's entry in Codex's own catalog: the child is told another context length and
 * other modalities, so that it keeps its hands off a turn.
 */
export function decodeModel(model: CodexModel, ownedBy: string, known: CatalogEntry | undefined): Model {
  return {
    id: model.model,
    listed: !model.hidden,
    isDefault: model.isDefault ?? false,
    ownedBy,
    contextLength: known?.context_window ?? null,
    reasoningEfforts: (model.supportedReasoningEfforts ?? []).map(({ reasoningEffort }) => reasoningEffort),
    // Flex is no tier of a catalog, and goes up for every model.
    serviceTiers: known ? [...(model.serviceTiers ?? []).map(({ id }) => id), 'flex'] : [],
    inputModalities: known?.input_modalities ?? ['text'],
  };
}
