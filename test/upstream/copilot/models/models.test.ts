import { expect, it, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { GatewayError } from '../../../../src/base/errors.ts';
import { encodeError } from '../../../../src/openai/vocabulary/error-body.ts';
import { createMemoryLog } from '../../../support/memory-log.ts';
import { createCopilotModels } from '../../../../src/upstream/copilot/models/models.ts';
import { readModelList } from '../../../../src/upstream/copilot/models/read-model-list.ts';

const LIST = readModelList({
  data: [
    {
      id: 'gpt-5.5',
      vendor: 'Azure OpenAI',
      supported_endpoints: ['/responses'],
      capabilities: {
        limits: { max_context_window_tokens: 400_000 },
        supports: { vision: true, reasoning_effort: ['low', 'high'] },
      },
    },
    { id: 'hidden', model_picker_enabled: false, supported_endpoints: ['/responses'] },
    { id: 'claude-opus', supported_endpoints: ['/v1/messages', '/chat/completions'] },
    { id: 'gemini', supported_endpoints: ['/chat/completions'] },
    { id: 'riddle' },
  ],
})!;

const CODEX_MODELS = [{ slug: 'first', base_instructions: 'Be first.' }];

function createModels() {
  let account: string | undefined = 'a';
  const log = createMemoryLog();
  const readCodexModels = vi.fn<() => Promise<typeof CODEX_MODELS>>().mockResolvedValue(CODEX_MODELS);
  const fetchList = vi.fn<(incoming?: string) => Promise<typeof LIST>>().mockResolvedValue(LIST);
  const accountOf = vi.fn<(incoming?: string) => Promise<string | undefined>>(
    async (incoming) => incoming ?? account,
  );
  const models = createCopilotModels({
    fetchList,
    accountOf,
    readCodexModels,
    overrides: { 'gpt-5.5': { tool_mode: 'code_mode_only' } },
    observer: log,
  });
  return {
    models,
    accountOf,
    fetchList,
    readCodexModels,
    log,
    signInAs: (other: string | undefined) => (account = other),
  };
}

async function refusalOf(checking: Promise<void>) {
  return await checking.then(
    () => undefined,
    (error: unknown) => encodeError(error),
  );
}

it("encodes OpenAI's list of the models that are not hidden", async () => {
  const { models } = createModels();
  expect(await models.encode(NEVER_ABORTED)).toMatchObject({
    object: 'list',
    data: [
      {
        id: 'gpt-5.5',
        object: 'model',
        created: 0,
        owned_by: 'Azure OpenAI',
        context_length: 400_000,
        reasoning_efforts: ['low', 'high'],
        input_modalities: ['text', 'image'],
      },
    ],
  });
});

it.each([
  ['claude-opus', /'claude-opus'.*\/v1\/messages.*\/chat\/completions/],
  ['gemini', /'gemini'.*\/chat\/completions/],
  ['riddle', /'riddle'/],
])('refuses %s once the list is held, and names the route that it needs', async (id, message) => {
  const { models } = createModels();
  await models.list(NEVER_ABORTED);
  const refusal = await refusalOf(models.check(id));
  expect(refusal?.status).toBe(400);
  expect(refusal?.body.error).toMatchObject({
    type: 'invalid_request_error',
    param: 'model',
    code: 'model_not_supported',
  });
  expect(refusal?.body.error.message).toMatch(message);
});

it.each([['gpt-5.5'], ['hidden'], ['a model of tomorrow'], [undefined]])('lets %s through', async (id) => {
  const { models } = createModels();
  await models.list(NEVER_ABORTED);
  expect(await refusalOf(models.check(id))).toBeUndefined();
});

it('lets every model through while no list is held, and reads none for that', async () => {
  const { models, fetchList } = createModels();
  expect(await refusalOf(models.check('claude-opus'))).toBeUndefined();
  expect(fetchList).not.toHaveBeenCalled();
});

it('uses the list of the account that is signed in now', async () => {
  const { models, fetchList, signInAs } = createModels();
  await models.list(NEVER_ABORTED);
  signInAs('b');
  expect(await refusalOf(models.check('claude-opus'))).toBeUndefined();
  fetchList.mockResolvedValue({ models: [], otherRoutes: new Map() });
  expect(await models.list(NEVER_ABORTED)).toEqual([]);
});

it("holds the list of a caller's own token apart", async () => {
  const { models, fetchList } = createModels();
  await models.list(NEVER_ABORTED);
  await models.list(NEVER_ABORTED, 'Bearer of a caller');
  expect(fetchList.mock.calls).toEqual([[undefined], ['Bearer of a caller']]);
});

it('fails with the error that says so while nobody is signed in, also after a list was held', async () => {
  const { models, fetchList, signInAs } = createModels();
  await models.list(NEVER_ABORTED);
  signInAs(undefined);
  fetchList.mockRejectedValue(new GatewayError('copilot_signed_out', 'You are not signed in.'));
  await expect(models.list(NEVER_ABORTED)).rejects.toThrow('not signed in');
});

it("adds entries of Codex's list, also for hidden models", async () => {
  const { models } = createModels();
  expect((await models.encode(NEVER_ABORTED)).models).toMatchObject([
    { slug: 'gpt-5.5', base_instructions: 'Be first.', visibility: 'list', tool_mode: 'code_mode_only' },
    { slug: 'hidden', base_instructions: 'Be first.', visibility: 'hide' },
  ]);
});

it("reads Codex's own list once, when a list for Codex is asked for", async () => {
  const { models, readCodexModels } = createModels();
  await models.list(NEVER_ABORTED);
  expect(readCodexModels).not.toHaveBeenCalled();
  await Promise.all([models.encode(NEVER_ABORTED), models.encode(NEVER_ABORTED)]);
  await models.encode(NEVER_ABORTED);
  expect(readCodexModels).toHaveBeenCalledTimes(1);
});

it('leaves out the entries for Codex while its own list cannot be read, and says so in the log', async () => {
  const { models, readCodexModels, log } = createModels();
  readCodexModels.mockRejectedValueOnce(new Error('no codex'));
  expect(await models.encode(NEVER_ABORTED)).not.toHaveProperty('models');
  expect(log.lines).toEqual([expect.stringMatching(/^warn .*no codex/)]);
  expect(await models.encode(NEVER_ABORTED)).toHaveProperty('models');
});

it('ends the waiting of a caller who leaves', async () => {
  const { models, fetchList, signInAs } = createModels();
  fetchList.mockReturnValue(new Promise(() => {}));
  for (const account of ['a', undefined]) {
    signInAs(account);
    await expect(models.list(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  }
});

it('lets a model that no list refuses through without a search for the account', async () => {
  const { models, accountOf } = createModels();
  await models.list(NEVER_ABORTED);
  accountOf.mockClear();
  for (const id of ['gpt-5.5', 'unknown']) await models.check(id);
  expect(accountOf).not.toHaveBeenCalled();
});
