import type { Environment, Flags } from '../../app/config/config.ts';
import { findTarget, requireToken } from '../../app/gateways/find-target.ts';
import { listConfiguredModels, type ListedModel } from '../../app/inquiries/list-models.ts';
import { observeInLog } from '../../app/log/observer.ts';
import { formatTable } from '../format-table.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

export interface ModelsFlags extends Flags {
  /** Includes hidden models. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Prints the models, one per line below a heading. */
export async function models(
  flags: ModelsFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  const target = await findTarget(flags, environment);
  requireToken(target);
  const { settings, running } = target;
  const observer = observeInLog(settings);
  const every = await untilStopped('Stopped.', (signal) =>
    listConfiguredModels({ settings, running, environment, observer, signal }),
  );
  const shown = every.filter(({ hidden }) => flags.all || !hidden);
  terminal.print(flags.json ? JSON.stringify(shown, null, 2) : formatModels(shown));
}

function formatModels(models: readonly ListedModel[]): string {
  return formatTable([
    ['MODEL', 'CONTEXT', 'EFFORTS (default in [ ])', ''],
    ...models.map((model) => [
      model.id,
      model.context_length?.toLocaleString('en-US') ?? '-',
      formatEfforts(model),
      describeModel(model),
    ]),
  ]);
}

function formatEfforts({ reasoning_efforts: efforts, default_reasoning_effort: usual }: ListedModel): string {
  const marked = efforts.map((effort) => (effort === usual ? `[${effort}]` : effort));
  // The config can set an effort for a model whose efforts are unknown.
  if (marked.length === 0) return usual ? `[${usual}]` : '-';
  return marked.join(' ');
}

function describeModel({ is_default: isDefault, alias_of: target, hidden }: ListedModel): string {
  return [
    ...(isDefault ? ['default'] : []),
    ...(target === undefined ? [] : [`asks ${target}`]),
    ...(hidden ? ['hidden'] : []),
  ].join(', ');
}
