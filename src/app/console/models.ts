import { isDeepStrictEqual } from 'node:util';
import { GatewayError } from '../../base/errors.ts';
import { withoutUndefined, type JsonObject } from '../../base/json.ts';
import type { ConsoleModel, ModelChange, ModelEntry, OwnModel } from '../../console/contract/models.ts';
import type { ConfigAsker, ConsoleModels } from '../../console/models/console-models.ts';
import type { Model } from '../../conversation/model.ts';
import { FALLBACK, type Preset } from '../../gateway/models/resolve-model.ts';
import type { AppParts } from '../app-parts.ts';
import { isCopilotId } from '../config/copilot-id.ts';
import type { JsonChange } from '../config/edit-json.ts';
import type { ConsoleConfig } from './console-config.ts';

/** Returns what the console shows of models, and its way to change those of the config file. */
export function createConsoleModels(
  { models, started, codex }: Pick<AppParts, 'models' | 'started' | 'codex'>,
  config: ConsoleConfig,
): ConsoleModels {
  const { provider } = codex.engineOptions;
  const hasOwnList = provider.id === 'openai' || codex.modelsBy === undefined;

  async function stateOf(
    entry: Preset,
    known: readonly Model[],
    signal: AbortSignal,
  ): Promise<OwnModel['state']> {
    const inForce = config.routing().models.find((other) => isDeepStrictEqual(other, entry));
    if (inForce !== undefined && (await started.routing.serves(inForce, signal))) {
      // An entry without a model says itself that it exists; for others, OpenAI's list is complete.
      const isUnheardOf = known.some(
        ({ aliasOf, contextLength }) => aliasOf === entry.model && contextLength === null,
      );
      return isUnheardOf && entry.model !== undefined && provider.id === 'openai' ? 'no_model' : 'in_force';
    }
    // Codex's app-server learns of further models when it starts, but Copilot's come and go.
    return isCopilotId(entry.model ?? entry.id) ? 'no_model' : 'restart';
  }

  async function list(asker: ConfigAsker) {
    const { signal } = asker;
    const [known, state] = await Promise.all([models.list(signal, true), config.read()]);
    // The demo serves one model, whatever the file says.
    const entries = codex.modelsBy === undefined ? [] : (state.config?.models ?? []);
    const own = entries.map(async (entry) => ({
      ...encodeEntry(entry),
      state: await stateOf(entry, known, signal),
    }));
    return {
      models: known.map(describeModel),
      own: await Promise.all(own),
      provider: provider.id,
      is_complete: !hasOwnList && config.routing().models.some(({ id }) => id !== FALLBACK),
      file: config.describe(state, asker),
    };
  }

  return {
    list,
    async change(change, asker) {
      const { version } = change;
      await config.edit({ version, changes: (values) => changesFor(change, values) }, asker);
      return await list(asker);
    },
  };
}

/** Returns what has to change in the config file. */
function changesFor({ replaces, entry }: ModelChange, { models }: JsonObject): JsonChange[] {
  const entries = models as readonly Preset[] | undefined;
  const settings = entry === null ? undefined : decodeEntry(entry);
  if (replaces === null) {
    if (settings === undefined) return [];
    const value = withoutUndefined(settings);
    return [entries ? { path: ['models', -1], value } : { path: ['models'], value: [value] }];
  }
  const place = entries?.findIndex(({ id }) => id === replaces) ?? -1;
  if (place === -1) {
    throw new GatewayError('model_not_found', `The config file has no model '${replaces}'.`, {
      param: 'replaces',
    });
  }
  if (settings === undefined) return [{ path: ['models', place], value: undefined }];
  return Object.entries(settings)
    .filter(([key, value]) => entries![place]![key as keyof Preset] !== value)
    .map(([key, value]) => ({ path: ['models', place, key], value }));
}

/** Returns an entry with the keys of the config file; those that it does not have are undefined. */
function decodeEntry({ id, model, reasoning_effort, verbosity, service_tier, system }: ModelEntry) {
  return {
    id,
    model: model ?? undefined,
    reasoningEffort: reasoning_effort ?? undefined,
    verbosity: verbosity ?? undefined,
    serviceTier: service_tier ?? undefined,
    system: system ?? undefined,
  };
}

function encodeEntry({ id, model, reasoningEffort, verbosity, serviceTier, system }: Preset): ModelEntry {
  return {
    id,
    model: model ?? null,
    reasoning_effort: reasoningEffort ?? null,
    verbosity: verbosity ?? null,
    service_tier: serviceTier ?? null,
    system: system ?? null,
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
