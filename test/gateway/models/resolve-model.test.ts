import { describe, expect, it } from 'vitest';
import type { Model } from '../../../src/conversation/model.ts';
import { possibleTargets, resolveModel, type Preset } from '../../../src/gateway/models/resolve-model.ts';

const MODEL: Model = {
  id: 'gpt-5.5',
  isListed: true,
  isDefault: true,
  ownedBy: 'openai',
  contextLength: 1000,
  reasoningEfforts: ['low', 'medium', 'high'],
  serviceTiers: null,
  defaultReasoningEffort: 'medium',
  inputModalities: ['text'],
  webSearch: true,
};
const NAMED_LIKE_A_SUFFIX = { ...MODEL, id: 'house-high' };
const HOUSE = { ...MODEL, id: 'house', reasoningEfforts: null };

function resolve(id: string, presets: readonly Preset[] = []) {
  return resolveModel(id, {
    served: [MODEL, NAMED_LIKE_A_SUFFIX, HOUSE],
    presets: presets.map((preset) => ({ preset, target: MODEL })),
  });
}

describe('a model id with a reasoning effort as its suffix', () => {
  it('resolves to the model with that effort', () => {
    expect(resolve('gpt-5.5-high')).toMatchObject({
      model: { id: 'gpt-5.5-high', reasoningEfforts: ['low', 'medium', 'high'] },
      engineId: 'gpt-5.5',
      effort: 'high',
      servedBy: 'gpt-5.5',
    });
  });

  it('uses the nearest effort that the model supports', () => {
    expect(resolve('gpt-5.5-xhigh')).toMatchObject({ effort: 'high' });
    expect(resolve('house-xhigh')).toMatchObject({ effort: 'xhigh', engineId: 'house' });
  });

  it('resolves to a model with exactly that id if there is one', () => {
    const found = resolve('house-high');
    expect(found).toMatchObject({ engineId: 'house-high', effort: undefined });
    expect(found).not.toHaveProperty('servedBy');
  });

  it('applies the effort to an alias', () => {
    const fast = { id: 'fast', model: 'gpt-5.5', reasoningEffort: 'low', verbosity: 'low' } as const;
    expect(resolve('fast-high', [fast])).toMatchObject({
      engineId: 'gpt-5.5',
      preset: fast,
      effort: 'high',
      servedBy: 'fast',
    });
  });

  it.each(['gpt-5.5-', 'gpt-5.5-extreme', 'gpt-5.5-high-high', '-high', 'gpt-4o-high'])(
    'does not resolve %s',
    (id) => expect(resolve(id)).toBeUndefined(),
  );
});

describe('the fallback model', () => {
  const fallback = { id: '*', model: 'gpt-5.5', reasoningEffort: 'low' };

  it('serves an unknown id with the defaults of the fallback', () => {
    expect(resolve('gpt-4o', [fallback])).toMatchObject({
      model: { id: 'gpt-4o' },
      engineId: 'gpt-5.5',
      preset: fallback,
      servedBy: 'gpt-5.5',
    });
  });

  it('is used only when no suffix matches', () => {
    expect(resolve('gpt-5.5-high', [fallback])).toMatchObject({ effort: 'high', preset: {} });
  });

  it('does not replace a known model', () => {
    expect(resolve('house', [fallback])).toMatchObject({ engineId: 'house', preset: {} });
  });
});

describe('the models that an id may stand for', () => {
  const presets: Preset[] = [{ id: 'fast', model: 'other/a' }, { id: '*', model: 'b' }, { id: 'plain' }];

  it.each([
    ['c', ['c', 'b']],
    ['fast', ['other/a', 'b']],
    ['fast-high', ['fast-high', 'other/a', 'b']],
    ['plain', ['plain', 'b']],
  ])('%s: %s', (id, targets) => {
    expect(possibleTargets(id, presets)).toEqual(targets);
  });

  it('without a preset for all others, it stands for itself alone', () => {
    expect(possibleTargets('c', [])).toEqual(['c']);
  });
});
