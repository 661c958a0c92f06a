import type { Model } from '../../src/conversation/model.ts';

/** Creates a model with the given properties; everything else is unknown. */
export function createModel(id: string, more: Partial<Model> = {}): Model {
  return {
    id,
    isListed: true,
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
