import { expect, it } from 'vitest';
import {
  describeNewerEntry,
  EMPTY_ENTRY,
  findTargets,
  offer,
  readModelForm,
} from '../../console/pages/models/model-form-values.ts';
import type { ConsoleModel } from '../../src/console/contract/models.ts';

const model = (id: string, alias: string | null = null): ConsoleModel => ({
  id,
  alias_of: alias,
  owned_by: 'openai',
  is_default: false,
  is_hidden: false,
  context_length: null,
  reasoning_efforts: null,
  default_reasoning_effort: null,
  service_tiers: null,
  input_modalities: ['text'],
  web_search: false,
});

it('a form says what the config file has if that is not what it began with', () => {
  const begun = { ...EMPTY_ENTRY, id: 'deep', reasoning_effort: 'high' };
  expect(describeNewerEntry(begun, { ...begun })).toBe('');
  expect(describeNewerEntry(begun, { ...begun, reasoning_effort: null, verbosity: 'low' })).toContain(
    'to reasoning effort: none, verbosity: low.',
  );
  expect(describeNewerEntry(begun, undefined)).toContain('removed deep');
});

it('empty fields of a form are left out', () => {
  const form = new FormData();
  form.set('id', ' deep ');
  form.set('model', '');
  form.set('system', '  ');
  form.set('verbosity', 'low');
  expect(readModelForm(form)).toEqual({
    id: 'deep',
    model: null,
    reasoning_effort: null,
    verbosity: 'low',
    service_tier: null,
    system: null,
  });
});

it('an alias is not a target, but the model behind it is one', () => {
  expect(findTargets([model('deep', 'z'), model('b'), model('a'), model('b')])).toEqual(['a', 'b', 'z']);
});

it('a field offers what the model has, and what the entry has already', () => {
  expect(offer(['low'], null)).toEqual(['low']);
  expect(offer(['low'], 'low')).toEqual(['low']);
  expect(offer(['low'], 'odd')).toEqual(['low', 'odd']);
  expect(offer(null, 'odd')).toEqual(['odd']);
});
