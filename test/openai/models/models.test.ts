import { expect, it } from 'vitest';
import type { Model } from '../../../src/conversation/model.ts';
import { decodeModelsQuery, encodeModel, encodeModelList } from '../../../src/openai/models/models.ts';
import { refusalOf } from '../../support/decode-response.ts';

const MODEL: Model = {
  id: 'gpt-5.5',
  isListed: true,
  isDefault: true,
  ownedBy: 'openai',
  contextLength: 1000,
  reasoningEfforts: null,
  serviceTiers: null,
  defaultReasoningEffort: null,
  inputModalities: ['text'],
  webSearch: true,
};

it('encodes a model with the fields that clients read', () => {
  expect(encodeModelList([MODEL])).toEqual({
    object: 'list',
    data: [
      {
        id: 'gpt-5.5',
        object: 'model',
        created: 0,
        owned_by: 'openai',
        context_length: 1000,
        reasoning_efforts: [],
        default_reasoning_effort: null,
        input_modalities: ['text'],
        is_default: true,
      },
    ],
  });
});

it('marks a hidden model, and names the model behind an alias', () => {
  const alias = { ...MODEL, id: 'fast', isListed: false, aliasOf: 'gpt-5.5-2026-01-02' };
  expect(encodeModel(alias)).toMatchObject({
    hidden: true,
    alias_of: 'gpt-5.5-2026-01-02',
    created: Date.UTC(2026, 0, 2) / 1000,
  });
});

it('decodes whether hidden models are requested', () => {
  expect(decodeModelsQuery({})).toEqual({ withHidden: false });
  expect(decodeModelsQuery({ hidden: 'true' })).toEqual({ withHidden: true });
  expect(refusalOf(() => decodeModelsQuery({ hidden: 'perhaps' })).param).toBe('hidden');
});
