import type { Model } from '../../src/conversation/model.ts';

/** A model of which nothing is known but what is given. */
export function createModel(id: string, more: Partial<Model> = {}): Model {
  return {
    id,
    listed: true,
    isDefault: false,
    ownedBy: 'x',
    contextLength: null,
    reasoningEfforts: null,
    defaultReasoningEffort: null,
    serviceTiers: null,
    inputModalities: [],
    webSearch: true,
    ...more,
  };
}
