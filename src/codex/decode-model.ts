import type { Model as CodexModel } from '../../generated/v2/Model.js';
import type { Model } from '../conversation/model.ts';
import type { CatalogEntry } from './catalog.ts';

/** The highest effort with agents of Codex's own, which are off: it would go up as the highest alone. */
const WITH_AGENTS = 'ultra';

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
    reasoningEfforts: known ? effortsOf(model) : null,
    // Flex is no tier of a catalog, and goes up for every model.
    serviceTiers: known ? [...(model.serviceTiers ?? []).map(({ id }) => id), 'flex'] : null,
    inputModalities: known?.input_modalities ?? ['text', 'image'],
  };
}

function effortsOf({ supportedReasoningEfforts }: CodexModel): string[] {
  const efforts = (supportedReasoningEfforts ?? []).map(({ reasoningEffort }) => reasoningEffort);
  return efforts.filter((effort) => effort !== WITH_AGENTS);
}
