import type { ConsoleModel } from '../../console/contract/models.ts';
import type { ConsoleModels } from '../../console/models/console-models.ts';
import type { Model } from '../../conversation/model.ts';
import type { AppParts } from '../app-parts.ts';

/** Returns what the console shows of models. */
export function createConsoleModels(parts: Pick<AppParts, 'models'>): ConsoleModels {
  return {
    async list(signal) {
      const models = await parts.models.list(signal, true);
      return { models: models.map(describeModel) };
    },
  };
}

function describeModel(model: Model): ConsoleModel {
  const { reasoningEfforts, serviceTiers } = model;
  return {
    id: model.id,
    alias_of: model.aliasOf ?? null,
    owned_by: model.ownedBy,
    is_default: model.isDefault,
    is_hidden: !model.isListed,
    context_length: model.contextLength,
    reasoning_efforts: reasoningEfforts && [...reasoningEfforts],
    default_reasoning_effort: model.defaultReasoningEffort,
    service_tiers: serviceTiers && [...serviceTiers],
    input_modalities: [...model.inputModalities],
    web_search: model.webSearch,
  };
}
