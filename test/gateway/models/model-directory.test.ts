import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import type { Model } from '../../../src/conversation/model.ts';
import {
  createModelDirectory,
  type BackendName,
  type ModelBackend,
} from '../../../src/gateway/models/model-directory.ts';
import { createModel } from '../../support/model.ts';

const NEVER = new AbortController().signal;

/** A backend that knows its models, and those of the further ids without listing them. */
function createBackend(
  name: string,
  models: readonly Model[],
  further: readonly string[] = [],
): ModelBackend {
  return {
    // The only backend of today stands for several.
    name: name as BackendName,
    models: async () => models,
    async find(id) {
      const found = models.find((model) => model.id === id);
      if (found) return found;
      if (further.includes(id)) return createModel(id, { ownedBy: name });
      throw new GatewayError('model_not_found', `${name} has no model ${id}.`);
    },
  };
}

const broken: ModelBackend = {
  name: 'broken' as BackendName,
  models: async () => await Promise.reject(new Error('signed out')),
  find: async () => await Promise.reject(new Error('signed out')),
};

const first = createBackend(
  'first',
  [
    createModel('a', { isDefault: true }),
    createModel('both', { ownedBy: 'first' }),
    createModel('h', { isListed: false }),
  ],
  ['a-high'],
);
const second = createBackend(
  'second',
  [createModel('b', { isDefault: true }), createModel('both', { ownedBy: 'second' })],
  ['b-high'],
);

describe('the model directory', () => {
  const directory = createModelDirectory([first, second]);

  it('lists the models of all backends, with one default and one model of each id', async () => {
    const models = await directory.list(NEVER);
    expect(models.map(({ id, isDefault, ownedBy }) => [id, isDefault, ownedBy])).toEqual([
      ['a', true, 'x'],
      ['both', false, 'first'],
      ['b', false, 'x'],
    ]);
  });

  it('lists hidden models on request only', async () => {
    expect((await directory.list(NEVER, true)).map(({ id }) => id)).toEqual(['a', 'both', 'h', 'b']);
  });

  it.each([
    ['a', 'first'],
    ['b', 'second'],
    ['both', 'first'],
    ['h', 'first'],
    ['a-high', 'first'],
    ['b-high', 'second'],
    ['unknown', 'first'],
    [undefined, 'first'],
  ])('sends a request for the model %s to the %s backend', async (id, name) => {
    expect(await directory.backendOf(id, NEVER)).toBe(name);
  });

  it('prefers a listed model to one that another backend would serve unlisted', async () => {
    const fallback = createBackend('first', [], ['b']);
    expect(await createModelDirectory([fallback, second]).backendOf('b', NEVER)).toBe('second');
  });

  it('finds a model in the backend that serves it', async () => {
    expect(await directory.find('both', NEVER)).toMatchObject({ ownedBy: 'first' });
    expect(await directory.find('b-high', NEVER)).toMatchObject({ ownedBy: 'second' });
  });

  it('refuses an unknown model in the words of the first backend', async () => {
    await expect(directory.find('unknown', NEVER)).rejects.toMatchObject({
      code: 'model_not_found',
      message: 'first has no model unknown.',
    });
  });

  it('leaves out a backend that cannot list its models', async () => {
    const partial = createModelDirectory([broken, second]);
    expect((await partial.list(NEVER)).map(({ id }) => id)).toEqual(['b', 'both']);
    expect(await partial.backendOf('b', NEVER)).toBe('second');
  });

  it('fails when no backend can list its models', async () => {
    await expect(createModelDirectory([broken]).list(NEVER)).rejects.toThrow('signed out');
  });

  it('chooses a single backend without asking it for its models', async () => {
    expect(await createModelDirectory([broken]).backendOf('a', NEVER)).toBe('broken');
  });
});
