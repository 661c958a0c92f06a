import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { createCopilotList } from '../../../src/app/copilot/copilot-list.ts';
import type { CopilotModel } from '../../../src/upstream/copilot/models/read-model-list.ts';

const model = (id: string): CopilotModel => ({
  id,
  name: id,
  ownedBy: 'OpenAI',
  isHidden: false,
  isDefault: false,
  contextLength: null,
  maxPromptTokens: null,
  reasoningEfforts: [],
  inputModalities: ['text'],
});

let isSignedIn: boolean;
let read: ReturnType<typeof vi.fn<(signal: AbortSignal) => Promise<readonly CopilotModel[]>>>;

beforeEach(() => {
  vi.useFakeTimers();
  isSignedIn = true;
  read = vi.fn(async () => [model('a')]);
});
afterEach(() => void vi.useRealTimers());

function create() {
  const list = createCopilotList({ isSignedIn: async () => isSignedIn, models: read }, 'codex-gateway');
  list.show();
  return list;
}

const idsOf = (models: readonly { readonly id: string }[]) => models.map(({ id }) => id);

it('nothing is read while nobody is signed in', async () => {
  isSignedIn = false;
  const list = create();
  expect(await list.shown(NEVER_ABORTED)).toEqual([]);
  expect(await list.find('copilot/a', NEVER_ABORTED)).toEqual([]);
  await expect(list.requireLogin()).rejects.toThrow(
    'You are not signed in to GitHub Copilot. Run `codex-gateway copilot login`.',
  );
  expect(read).not.toHaveBeenCalled();
});

it('nothing is read for a list of all models before they are shown', async () => {
  const list = createCopilotList({ isSignedIn: async () => true, models: read }, 'codex-gateway');
  expect(await list.shown(NEVER_ABORTED)).toEqual([]);
  expect(read).not.toHaveBeenCalled();
});

it('the catalog stays the same list while the models are the same', async () => {
  const list = create();
  await list.find('copilot/a', NEVER_ABORTED);
  const before = list.catalog.entries();
  expect(before).toMatchObject([{ slug: 'a' }]);
  await list.shown(NEVER_ABORTED);
  expect(list.catalog.entries()).toBe(before);
  read.mockResolvedValue([model('b'), model('a')]);
  await list.shown(NEVER_ABORTED);
  const both = list.catalog.entries();
  expect(both).toMatchObject([{ slug: 'b' }, { slug: 'a' }]);
  read.mockResolvedValue([model('a'), model('b')]);
  await list.shown(NEVER_ABORTED);
  expect(list.catalog.entries()).toBe(both);
});

it('a slow answer is waited for once, and shown when it has come', async () => {
  const answer = Promise.withResolvers<readonly CopilotModel[]>();
  read.mockReturnValue(answer.promise);
  const list = create();
  const first = list.shown(NEVER_ABORTED);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await first).toEqual([]);
  expect(await list.shown(NEVER_ABORTED)).toEqual([]);
  expect(read).toHaveBeenCalledTimes(1);
  answer.resolve([model('a')]);
  await vi.advanceTimersByTimeAsync(0);
  expect(idsOf(await list.shown(NEVER_ABORTED))).toEqual(['copilot/a']);
});

it('a failure is not repeated for each list of all models, and a request for a model says why', async () => {
  read.mockRejectedValue(new Error('no network'));
  const list = create();
  expect(await list.shown(NEVER_ABORTED)).toEqual([]);
  expect(await list.shown(NEVER_ABORTED)).toEqual([]);
  expect(read).toHaveBeenCalledTimes(1);
  await expect(list.find('copilot/a', NEVER_ABORTED)).rejects.toThrow('no network');
  read.mockResolvedValue([model('a')]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(idsOf(await list.shown(NEVER_ABORTED))).toEqual(['copilot/a']);
});

it('a request for a model that was listed does not wait long for a newer list, and for another one it does', async () => {
  const list = create();
  await list.find('copilot/a', NEVER_ABORTED);
  const answer = Promise.withResolvers<readonly CopilotModel[]>();
  read.mockReturnValue(answer.promise);
  const known = list.find('copilot/a', NEVER_ABORTED);
  const unknown = list.find('copilot/b', NEVER_ABORTED);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(idsOf(await known)).toEqual(['copilot/a']);
  answer.resolve([model('b')]);
  expect(idsOf(await unknown)).toEqual(['copilot/b']);
});
