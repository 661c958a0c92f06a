import type { Adjustment } from '../../conversation/turn-event.ts';
import type { Model } from '../../conversation/model.ts';
import type { Turn, TurnOptions } from '../../conversation/turn.ts';

/** Every reasoning effort, from the least. */
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** Name in a notice for a model's own choice. */
const DEFAULT = 'default';

type RequestedOptions = TurnOptions & Pick<Turn, 'webSearch'>;

/** Returns the options of a request as far as the model can follow them. */
export function fitOptions(
  options: RequestedOptions,
  model: Model,
): { readonly options: RequestedOptions; readonly adjustments: readonly Adjustment[] } {
  const reasoningEffort = nearestEffort(options.reasoningEffort, model.reasoningEfforts);
  const serviceTier = knownTier(options.serviceTier, model.serviceTiers);
  const webSearch = model.webSearch ? options.webSearch : undefined;
  const fitted = { ...options, reasoningEffort, serviceTier, webSearch };
  const changed = (['reasoningEffort', 'serviceTier'] as const).flatMap((path) => {
    const from = options[path];
    return from === undefined || from === fitted[path] ? [] : [{ path, from, to: fitted[path] ?? DEFAULT }];
  });
  const searchless = options.webSearch && !webSearch ? [{ path: 'webSearch', from: 'on', to: 'off' }] : [];
  return { options: fitted, adjustments: [...changed, ...searchless] };
}

/** Returns the closest effort that a model supports; undefined if it supports none. */
export function nearestEffort(
  effort: string | undefined,
  known: readonly string[] | null,
): string | undefined {
  if (effort === undefined || known === null || known.includes(effort)) return effort;
  const wanted = EFFORTS.indexOf(effort);
  const distance = (candidate: string) => Math.abs(EFFORTS.indexOf(candidate) - wanted);
  return known.toSorted((a, b) => distance(a) - distance(b))[0];
}

function knownTier(
  tier: TurnOptions['serviceTier'],
  known: readonly string[] | null,
): TurnOptions['serviceTier'] {
  if (tier === undefined || tier === 'default' || known === null || known.includes(tier)) return tier;
  return DEFAULT;
}

/** Returns the default options that a model can follow. */
export function followable(
  { reasoningEffort, verbosity, serviceTier }: TurnOptions,
  model: Model,
): TurnOptions {
  return {
    reasoningEffort: allows(model.reasoningEfforts, reasoningEffort) ? reasoningEffort : undefined,
    verbosity,
    serviceTier: allows(model.serviceTiers, serviceTier) ? serviceTier : undefined,
  };
}

/** Returns true if a model has a value, or if its values are unknown. */
export function allows(known: readonly string[] | null, value: string | undefined): boolean {
  return value === undefined || known === null || known.includes(value);
}
