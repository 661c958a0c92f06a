import type { Model } from '../../conversation/model.ts';
import type { CatalogEntry } from '../../codex/runtime/catalog.ts';
import type { CopilotModel } from '../../upstream/copilot/models/read-model-list.ts';
import { COPILOT_PREFIX } from '../config/copilot-id.ts';

/** Returns a model of Copilot as clients of the gateway see it. */
export function toServedModel(model: CopilotModel): Model {
  return {
    id: `${COPILOT_PREFIX}${model.id}`,
    isListed: !model.isHidden,
    isDefault: false,
    ownedBy: model.ownedBy,
    contextLength: model.contextLength,
    // One without efforts may not reason at all, and would refuse to sum up its reasoning.
    reasoningEfforts: model.reasoningEfforts.length > 0 ? model.reasoningEfforts : null,
    defaultReasoningEffort: null,
    // Copilot has no service tiers, and refuses its web search.
    serviceTiers: [],
    webSearch: false,
    inputModalities: model.inputModalities,
  };
}

/** Returns the entry of a model of Copilot in the catalog of the app-server. */
export function toCatalogEntry({ id, reasoningEfforts, ...model }: CopilotModel): CatalogEntry {
  return {
    slug: id,
    display_name: id,
    visibility: 'list',
    supported_in_api: true,
    priority: 0,
    default_reasoning_level: null,
    supported_reasoning_levels: reasoningEfforts.map((effort) => ({ effort, description: effort })),
    default_reasoning_summary: 'none',
    support_verbosity: true,
    service_tiers: [],
    context_window: model.contextLength,
    input_modalities: [...model.inputModalities],
  };
}
