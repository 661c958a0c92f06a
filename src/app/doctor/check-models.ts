import { StartupError } from '../../base/errors.ts';
import type { Settings } from '../config/config.ts';
import type { ListedModel } from '../inquiries/list-models.ts';
import { findMissingTargets } from '../config/missing-targets.ts';

export interface ModelsCheck {
  readonly settings: Settings;
  readonly provider: string;
  /** Models of Codex, hidden ones included. */
  readonly models: readonly ListedModel[];
  /** Ids that the provider itself lists, if it does. */
  readonly listed: ReadonlySet<string> | undefined;
}

/** Checks that aliases name models that exist, as far as Codex's catalog or the provider's own list tells. */
export function checkModels({ settings, provider, models, listed }: ModelsCheck): string {
  const existing = provider === 'openai' ? knownModels(models) : listed;
  const shown = models.filter(({ hidden }) => !hidden);
  const usual = shown.find((model) => model.is_default)?.id;
  const count = `${shown.length} ${shown.length === 1 ? 'model' : 'models'}, ${usual} by default`;
  if (existing === undefined) return count;
  const [missing] = findMissingTargets(settings.models, existing);
  if (missing === undefined) return count;
  throw new StartupError(
    `the alias '${missing.id}' names the model '${missing.model}', which does not exist; correct "models" in ${settings.configPath}.`,
  );
}

/** Nobody knows the context of a model that only the config file names. */
function knownModels(models: readonly ListedModel[]): ReadonlySet<string> {
  const known = models.filter((model) => typeof model.context_length === 'number');
  return new Set(known.map(({ id, alias_of: target }) => target ?? id));
}
