import { GatewayError, StartupError } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { Engine } from '../../conversation/ports/engine.ts';
import type { Adjustment } from '../../conversation/turn-event.ts';
import type { Model } from '../../conversation/model.ts';
import type { ReasoningSummary, Turn, TurnOptions } from '../../conversation/turn.ts';
import { allows, fitOptions, followable } from './fit-options.ts';
import { instruct } from '../answer/instructions.ts';
import {
  FALLBACK,
  resolveModel,
  selectModels,
  presetTarget,
  possibleTargets,
  type ModelSelection,
  type Preset,
  type ResolvedModel,
  type TurnDefaults,
} from './resolve-model.ts';

export interface ModelSettings {
  readonly presets: readonly Preset[];
  /** Options for every model, where its preset has none. */
  readonly defaults: TurnDefaults;
  /** True if models are asked for summaries of their reasoning. */
  readonly reasoningSummary: boolean;
  /** Ids of the engine's models that are served; undefined for all of them. Set if the catalog is another provider's. */
  readonly only: ModelSelection['only'];
  /** Model that the user's own Codex is set to; it takes precedence over the engine's default. */
  readonly preferred?: string | undefined;
}

export interface RoutedTurn {
  readonly turn: Turn;
  /** Options that the model cannot follow, and what it does instead. */
  readonly adjustments: readonly Adjustment[];
  /** Effective effort, also if the request asks for none; null if it is unknown. */
  readonly reasoningEffort: string | null;
}

/** The models of the engine and the presets, and the way from a request for one of them to a turn. */
export interface ModelRouting {
  /** Resolves to every model that can be asked for. */
  models(signal: AbortSignal): Promise<readonly Model[]>;
  /** Returns the engine's id of a model as far as the presets name it, without a look at the engine's models. */
  targetOf(id: string): string;
  /** Finds a model by id; rejects with `model_not_found`. */
  find(id: string, signal: AbortSignal): Promise<Model>;
  /** Resolves to the turn for the engine; rejects with `model_not_found`. */
  route(turn: Turn, signal: AbortSignal): Promise<RoutedTurn>;
  /** Rejects with a `StartupError` for a preset that its model cannot follow; of those in use, or of others. */
  check(signal: AbortSignal, others?: readonly Preset[]): Promise<void>;
  /** Uses other settings, from the next request on. */
  use(settings: ModelSettings): void;
  /** Resolves to true if the engine knows the model of a preset in use. */
  serves(preset: Preset, signal: AbortSignal): Promise<boolean>;
}

type ModelSource = Pick<Engine, 'models' | 'requireLogin'>;

export function createModelRouting(engine: ModelSource, first: ModelSettings): ModelRouting {
  let settings = first;

  const readModels = async (signal: AbortSignal, wanted?: string) =>
    selectModels(settings, await engine.models(signal, wanted));

  async function models(signal: AbortSignal): Promise<Model[]> {
    const { defaults, preferred } = settings;
    const known = await readModels(signal);
    const named = known.presets.filter(({ preset }) => preset.id !== FALLBACK);
    const own = named.map(({ preset, target }) => withEffort(serveAs(preset, target), defaults, preset));
    const served = known.served.map((model) => withEffort(model, defaults));
    return markDefault([...own, ...served], preferred);
  }

  async function resolve(id: string, signal: AbortSignal): Promise<ResolvedModel> {
    for (const wanted of possibleTargets(id, settings.presets)) {
      const found = resolveModel(id, await readModels(signal, wanted));
      if (found) return found;
    }
    throw new GatewayError(
      'model_not_found',
      `The model \`${excerpt(id)}\` does not exist or you do not have access to it. GET /v1/models lists the models.`,
      { param: 'model', logMessage: 'The model does not exist.' },
    );
  }

  const targetOf = (id: string) => possibleTargets(id, settings.presets)[0] ?? id;

  return {
    models,
    targetOf,
    async find(id, signal) {
      const listed = (await models(signal)).find((model) => model.id === id);
      if (listed) return listed;
      const { model, preset, effort } = await resolve(id, signal);
      return withEffort(model, settings.defaults, { reasoningEffort: effort }, preset);
    },
    async route(turn, signal) {
      const resolved = await resolve(turn.model, signal).catch(async (error: unknown) => {
        // A user who has signed out has lost the models of the account, too.
        await engine.requireLogin(targetOf(turn.model), signal);
        throw error;
      });
      return routeTurn(turn, resolved, settings);
    },
    async check(signal, others = settings.presets) {
      const known = await engine.models(signal);
      for (const preset of others) checkPreset(preset, presetTarget(preset, known));
    },
    use(next) {
      settings = next;
    },
    async serves(preset, signal) {
      const known = await engine.models(signal, preset.model ?? preset.id);
      return settings.presets.includes(preset) && presetTarget(preset, known) !== undefined;
    },
  };
}

/** Options come from the request first, then from the id of the model, its preset, and the defaults. */
function routeTurn(
  turn: Turn,
  resolved: ResolvedModel,
  { defaults, reasoningSummary }: ModelSettings,
): RoutedTurn {
  const { model, engineId, preset, effort } = resolved;
  const system = preset.system ?? defaults.system;
  const { options, adjustments } = fitOptions(turn, model);
  const sources = [options, { reasoningEffort: effort }, preset, followable(defaults, model)];
  const reasoningEffort = firstOf(sources, 'reasoningEffort');
  const ownSummary = reasoningSummary ? summaryOf(model, reasoningEffort) : 'none';
  return {
    turn: {
      ...turn,
      model: engineId,
      items: system === undefined ? turn.items : [instruct(system), ...turn.items],
      reasoningEffort,
      webSearch: options.webSearch,
      verbosity: firstOf(sources, 'verbosity'),
      serviceTier: firstOf(sources, 'serviceTier'),
      reasoningSummary: turn.reasoningSummary ?? ownSummary,
    },
    adjustments: [...describeModel(turn, resolved), ...adjustments],
    reasoningEffort: reasoningEffort ?? model.defaultReasoningEffort,
  };
}

/**
 * Returns the adjustment for an id that does not name a model itself, with the effort in the id if the request names
 * none.
 */
function describeModel(turn: Turn, { servedBy, effort }: ResolvedModel): Adjustment[] {
  if (servedBy === undefined) return [];
  const named = turn.reasoningEffort === undefined && effort !== undefined ? `;effort:${effort}` : '';
  return [{ path: 'model', from: turn.model, to: `${servedBy}${named}` }];
}

/** Returns the model of a preset. A preset with the id of its target stays what the target is. */
function serveAs({ id }: Preset, target: Model): Model {
  if (id === target.id) return { ...target, isListed: true };
  return { ...target, id, aliasOf: target.id, isListed: true, isDefault: false };
}

/** Leaves exactly one listed model as the default. */
function markDefault(models: readonly Model[], preferred: string | undefined): Model[] {
  const listed = models.filter((model) => model.isListed);
  const chosen =
    listed.find(({ id }) => id === preferred) ?? listed.find((model) => model.isDefault) ?? listed[0];
  return models.map((model) => ({ ...model, isDefault: model === chosen }));
}

function firstOf<K extends keyof TurnOptions>(sources: readonly TurnOptions[], key: K): TurnOptions[K] {
  return sources.find((source) => source[key] !== undefined)?.[key];
}

/** Asks for no summary from a model whose efforts are unknown: it may not reason, and its provider would refuse. */
function summaryOf({ reasoningEfforts }: Model, effort: string | undefined): ReasoningSummary {
  return reasoningEfforts !== null || effort !== undefined ? 'auto' : 'none';
}

/** Gives a model the default effort with which its requests really run. */
function withEffort(model: Model, defaults: TurnDefaults, ...sources: readonly TurnOptions[]): Model {
  const configured = firstOf([...sources, followable(defaults, model)], 'reasoningEffort');
  return { ...model, defaultReasoningEffort: configured ?? model.defaultReasoningEffort };
}

function checkPreset({ id, reasoningEffort, serviceTier }: Preset, model: Model | undefined): void {
  if (model === undefined) return;
  if (!allows(model.reasoningEfforts, reasoningEffort)) {
    throw new StartupError(
      `The config's model '${id}' asks for the reasoningEffort '${reasoningEffort}', but ${model.id} knows: ` +
        `${model.reasoningEfforts?.join(', ') || 'none'}.`,
    );
  }
  if (!allows(model.serviceTiers, serviceTier)) {
    throw new StartupError(
      `The config's model '${id}' asks for the serviceTier '${serviceTier}', which ${model.id} does not have.`,
    );
  }
}
