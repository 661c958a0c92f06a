import type { Model } from '../../conversation/model.ts';
import type { TurnOptions } from '../../conversation/turn.ts';
import { EFFORTS, nearestEffort } from './fit-options.ts';

/** Options for a model where the request has none. */
export interface TurnDefaults extends TurnOptions {
  /** Instructions before the conversation. */
  readonly system?: string | undefined;
}

/** A model id of the gateway's own: an alias, a preset, a model that the engine's catalog does not know, or the fallback. */
export interface Preset extends TurnDefaults {
  readonly id: string;
  /** The engine's id of the model, if it differs. */
  readonly model?: string | undefined;
}

/** Id of the preset that serves every unknown model. */
export const FALLBACK = '*';

/** A model that a request can ask for, with everything its id stands for. */
export interface ResolvedModel {
  /** The model, under the id that was asked for. */
  readonly model: Model;
  /** The engine's own id. */
  readonly engineId: string;
  readonly preset: TurnDefaults;
  /** Effort that the id itself names, as in `gpt-5.5-high`. */
  readonly effort: string | undefined;
  /** Id of the model that serves it, if the one that was asked for has no model of its own. */
  readonly servedBy?: string;
}

/** The models that the engine serves under their own ids, and the presets with the models behind them. */
export interface ServedModels {
  readonly served: readonly Model[];
  readonly presets: readonly { readonly preset: Preset; readonly target: Model }[];
}

/** Selection of the served models: all presets, and the engine's models, or those of them that `only` names. */
export interface ModelSelection {
  readonly presets: readonly Preset[];
  readonly only: Pick<ReadonlySet<string>, 'has'> | undefined;
}

/** Selects the served models from those that the engine knows. */
export function selectModels({ presets, only }: ModelSelection, known: readonly Model[]): ServedModels {
  const ownIds = new Set(presets.map(({ id }) => id));
  return {
    served: known.filter(({ id }) => !ownIds.has(id) && (only === undefined || only.has(id))),
    presets: presets.flatMap((preset) => {
      const target = presetTarget(preset, known);
      return target ? [{ preset, target }] : [];
    }),
  };
}

/** Returns the engine's model behind a preset, if the engine knows it. */
export function presetTarget({ id, model = id }: Preset, known: readonly Model[]): Model | undefined {
  return known.find((candidate) => candidate.id === model);
}

/**
 * Finds the model behind an id: a model or preset with that id, else a model whose id is followed by a reasoning
 * effort, else the fallback. Returns undefined if there is none of them.
 */
export function resolveModel(id: string, models: ServedModels): ResolvedModel | undefined {
  return findExact(id, models) ?? findBySuffix(id, models) ?? findFallback(id, models);
}

function findExact(id: string, { served, presets }: ServedModels): ResolvedModel | undefined {
  const own = id === FALLBACK ? undefined : presets.find(({ preset }) => preset.id === id);
  const model = own?.target ?? served.find((candidate) => candidate.id === id);
  if (model === undefined) return undefined;
  return {
    model: { ...model, id },
    engineId: model.id,
    preset: own?.preset ?? {},
    effort: undefined,
  };
}

const EFFORT_SUFFIX = new RegExp(`^(.+)-(${EFFORTS.join('|')})$`);

function findBySuffix(id: string, models: ServedModels): ResolvedModel | undefined {
  const [, base, suffix] = EFFORT_SUFFIX.exec(id) ?? [];
  const found = base === undefined ? undefined : findExact(base, models);
  if (found === undefined) return undefined;
  const effort = nearestEffort(suffix, found.model.reasoningEfforts);
  return { ...found, model: { ...found.model, id }, effort, servedBy: base! };
}

/** Returns the engine's ids that an id may stand for, in the order in which `resolveModel` looks for them. */
export function possibleTargets(id: string, presets: readonly Preset[]): string[] {
  const [, base] = EFFORT_SUFFIX.exec(id) ?? [];
  const fallback = presets.find((preset) => preset.id === FALLBACK);
  const ids = [id, base, fallback?.model].filter((name) => name !== undefined);
  const targets = ids.map((name) => presets.find((preset) => preset.id === name)?.model ?? name);
  return [...new Set(targets)];
}

function findFallback(id: string, { presets }: ServedModels): ResolvedModel | undefined {
  const fallback = presets.find(({ preset }) => preset.id === FALLBACK);
  if (fallback === undefined) return undefined;
  const { target, preset } = fallback;
  return {
    model: { ...target, id },
    engineId: target.id,
    preset,
    effort: undefined,
    servedBy: target.id,
  };
}
