import type { ConsoleModel, ModelEntry } from '../../../src/console/contract/models.ts';

/** An entry without anything in it. */
export const EMPTY_ENTRY: ModelEntry = {
  id: '',
  model: null,
  reasoning_effort: null,
  verbosity: null,
  service_tier: null,
  system: null,
};

/** Returns the entry that a form holds; fields that are empty are left out of it. */
export function readModelForm(form: Pick<FormData, 'get'>): ModelEntry {
  const text = (name: string) => {
    const value = form.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const setting = (name: string) => text(name) || null;
  return {
    id: text('id'),
    model: setting('model'),
    reasoning_effort: setting('reasoning_effort'),
    verbosity: setting('verbosity'),
    service_tier: setting('service_tier'),
    system: setting('system'),
  };
}

/** Returns a sentence about an entry of the config file if it is not what a form began with; '' if it is. */
export function describeNewerEntry(begun: ModelEntry, now: ModelEntry | undefined): string {
  if (now === undefined) return `Someone has removed ${begun.id} meanwhile.`;
  const names = Object.keys(EMPTY_ENTRY) as (keyof ModelEntry)[];
  const changed = names.filter((name) => now[name] !== begun[name]);
  if (changed.length === 0) return '';
  const values = changed.map((name) => `${name.replace('_', ' ')}: ${now[name] ?? 'none'}`);
  return `Someone has changed it meanwhile, to ${values.join(', ')}. Saving replaces that.`;
}

/** Returns the models that an entry can name: those that answer themselves. */
export function findTargets(models: readonly ConsoleModel[]): string[] {
  const ids = models.map((model) => model.alias_of ?? model.id);
  return [...new Set(ids)].toSorted();
}

/** Returns the values that a field offers: those that the model has, and the one that is there. */
export function offer(known: readonly string[] | null | undefined, current: string | null): string[] {
  const values = known ?? [];
  return current === null || values.includes(current) ? [...values] : [...values, current];
}
