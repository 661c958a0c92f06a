import { describe, expect, it } from 'vitest';
import type { Model } from '../../../src/conversation/model.ts';
import type { Turn } from '../../../src/conversation/turn.ts';
import { createModelDirectory } from '../../../src/gateway/models/model-directory.ts';
import { createModelRouting, type ModelSettings } from '../../../src/gateway/models/model-routing.ts';
import { createModel } from '../../support/model.ts';

const NEVER = new AbortController().signal;
const PLAIN: ModelSettings = { presets: [], defaults: {}, reasoningSummary: false, only: undefined };

const MODELS = [
  createModel('m', {
    isDefault: true,
    reasoningEfforts: ['low', 'high'],
    serviceTiers: ['priority'],
    defaultReasoningEffort: 'low',
  }),
  createModel('n', { reasoningEfforts: ['low'] }),
  createModel('hidden', { isListed: false }),
];

function create(settings: Partial<ModelSettings> = {}, models: readonly Model[] = MODELS) {
  return createModelRouting(
    { models: async () => models, requireLogin: async () => {} },
    { ...PLAIN, ...settings },
  );
}

async function list(settings: Partial<ModelSettings> = {}) {
  return await create(settings).models(NEVER);
}

async function route(turn: Partial<Turn>, settings: Partial<ModelSettings> = {}) {
  return await create(settings).route({ model: 'm', items: [], ...turn }, NEVER);
}

describe('the models of the engine', () => {
  const directory = createModelDirectory([{ name: 'codex', ...create() }]);

  it('are listed unless they are hidden', async () => {
    expect((await directory.list(NEVER)).map(({ id }) => id)).toEqual(['m', 'n']);
  });

  it('are found by id even when they are hidden', async () => {
    expect(await directory.find('hidden', NEVER)).toMatchObject({ id: 'hidden' });
    await expect(directory.find('x', NEVER)).rejects.toMatchObject({ code: 'model_not_found' });
  });

  it('are limited to the served ones when the catalog is another provider’s', async () => {
    const models = await list({ only: new Set(['n']) });
    expect(models.map(({ id }) => id)).toEqual(['n']);
  });
});

describe('the default model', () => {
  const defaultOf = (models: readonly Model[]) =>
    models.filter(({ isDefault }) => isDefault).map(({ id }) => id);

  it('is the one of the engine', async () => {
    expect(defaultOf(await list())).toEqual(['m']);
  });

  it('is the model that the user’s own Codex is set to, if there is one', async () => {
    expect(defaultOf(await list({ preferred: 'n' }))).toEqual(['n']);
  });

  it('is never a hidden model', async () => {
    expect(defaultOf(await list({ preferred: 'hidden' }))).toEqual(['m']);
  });
});

describe('a preset', () => {
  const presets = [{ id: 'fast', model: 'm', reasoningEffort: 'low', system: 'Be brief.' }];

  it('is listed under its own id, before the models of the engine', async () => {
    const models = await list({ presets });
    expect(models.map(({ id, aliasOf }) => [id, aliasOf])).toEqual([
      ['fast', 'm'],
      ['m', undefined],
      ['n', undefined],
      ['hidden', undefined],
    ]);
    expect(models[0]).toMatchObject({ isDefault: false, defaultReasoningEffort: 'low' });
  });

  it('replaces the model whose id it has', async () => {
    const models = await list({ presets: [{ id: 'm', reasoningEffort: 'high' }] });
    expect(models.map(({ id }) => id)).toEqual(['m', 'n', 'hidden']);
    expect(models[0]).toMatchObject({ isDefault: true, defaultReasoningEffort: 'high' });
  });

  it('sends its model, options and instructions to the engine', async () => {
    const item = { type: 'message', role: 'user', parts: [], path: 'x' } as const;
    const { turn, adjustments, reasoningEffort } = await route({ model: 'fast', items: [item] }, { presets });
    expect(turn).toMatchObject({ model: 'm', reasoningEffort: 'low' });
    expect(turn.items).toMatchObject([{ role: 'developer', parts: [{ text: 'Be brief.' }] }, item]);
    expect(adjustments).toEqual([]);
    expect(reasoningEffort).toBe('low');
  });

  it('is overridden by options of the request', async () => {
    const { turn } = await route({ model: 'fast', reasoningEffort: 'high' }, { presets });
    expect(turn.reasoningEffort).toBe('high');
  });

  it('that asks for options that its model lacks is refused at the start', async () => {
    const effort = create({ presets: [{ id: 'p', model: 'n', reasoningEffort: 'high' }] });
    await expect(effort.check(NEVER)).rejects.toThrow(/'p' asks for the reasoningEffort 'high'/);
    const tier = create({ presets: [{ id: 'p', model: 'm', serviceTier: 'flex' }] });
    await expect(tier.check(NEVER)).rejects.toThrow(/'p' asks for the serviceTier 'flex'/);
    await create({ presets: [...presets, { id: 'p', model: 'missing', reasoningEffort: 'high' }] }).check(
      NEVER,
    );
  });
});

describe('a turn', () => {
  it('takes the defaults that its model can follow', async () => {
    const defaults = { reasoningEffort: 'high', verbosity: 'low', serviceTier: 'flex' } as const;
    expect((await route({}, { defaults })).turn).toMatchObject({
      reasoningEffort: 'high',
      verbosity: 'low',
      serviceTier: undefined,
    });
    expect((await route({ model: 'n' }, { defaults })).turn.reasoningEffort).toBeUndefined();
  });

  it('reports the default effort of its model when nothing asks for one', async () => {
    expect((await route({})).reasoningEffort).toBe('low');
    expect((await route({ model: 'n' })).reasoningEffort).toBeNull();
  });

  it('reports options that its model cannot follow', async () => {
    const { turn, adjustments } = await route({ model: 'n', reasoningEffort: 'high' });
    expect(turn.reasoningEffort).toBe('low');
    expect(adjustments).toEqual([{ path: 'reasoningEffort', from: 'high', to: 'low' }]);
  });

  it('takes the effort from a model id that names one, and reports it', async () => {
    const { turn, adjustments } = await route({ model: 'm-high' });
    expect(turn).toMatchObject({ model: 'm', reasoningEffort: 'high' });
    expect(adjustments).toEqual([{ path: 'model', from: 'm-high', to: 'm;effort:high' }]);
  });

  it('for an unknown model goes to the fallback, if there is one', async () => {
    const { turn, adjustments } = await route({ model: 'x' }, { presets: [{ id: '*', model: 'n' }] });
    expect(turn.model).toBe('n');
    expect(adjustments).toEqual([{ path: 'model', from: 'x', to: 'n' }]);
    await expect(route({ model: 'x' })).rejects.toMatchObject({
      code: 'model_not_found',
      detail: { param: 'model' },
    });
  });

  it('asks for summaries of reasoning only if the model may reason', async () => {
    const on = { reasoningSummary: true };
    expect((await route({}, on)).turn.reasoningSummary).toBe('auto');
    expect((await route({ model: 'hidden' }, on)).turn.reasoningSummary).toBe('none');
    expect((await route({ model: 'hidden', reasoningEffort: 'low' }, on)).turn.reasoningSummary).toBe('auto');
    expect((await route({})).turn.reasoningSummary).toBe('none');
    expect((await route({ reasoningSummary: 'detailed' })).turn.reasoningSummary).toBe('detailed');
  });

  it('for an unknown model reports a missing login first: the models of the account are gone with it', async () => {
    const signedOut = createModelRouting(
      { models: async () => [], requireLogin: async () => await Promise.reject(new Error('sign in')) },
      PLAIN,
    );
    await expect(signedOut.route({ model: 'm', items: [] }, NEVER)).rejects.toThrow('sign in');
  });
});

it('other settings hold from the next request on', async () => {
  const routing = create({ presets: [{ id: 'old', model: 'm' }] });
  const fresh = { id: 'new', model: 'n', verbosity: 'low' } as const;
  routing.use({ ...PLAIN, presets: [fresh], defaults: { reasoningEffort: 'low' } });
  await expect(routing.find('old', NEVER)).rejects.toMatchObject({ code: 'model_not_found' });
  expect(await routing.find('new', NEVER)).toMatchObject({ defaultReasoningEffort: 'low' });
  const { turn } = await routing.route({ model: 'new', items: [] }, NEVER);
  expect(turn).toMatchObject({ model: 'n', verbosity: 'low' });
});

it('presets are checked before they are used', async () => {
  const routing = create();
  const preset = { id: 'odd', model: 'n', reasoningEffort: 'high' };
  await expect(routing.check(NEVER, [preset])).rejects.toThrow("asks for the reasoningEffort 'high'");
  await expect(routing.check(NEVER)).resolves.toBeUndefined();
});

it('a preset is served if it is in use and the engine knows its model', async () => {
  const presets = [
    { id: 'a', model: 'm' },
    { id: 'b', model: 'unknown' },
  ] as const;
  const routing = create({ presets });
  expect(await routing.serves(presets[0], NEVER)).toBe(true);
  expect(await routing.serves(presets[1], NEVER)).toBe(false);
  expect(await routing.serves({ id: 'c', model: 'm' }, NEVER)).toBe(false);
});
