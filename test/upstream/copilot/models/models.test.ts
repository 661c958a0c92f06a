import { expect, it, vi } from 'vitest';
import { NEVER_ABORTED } from '../../../../src/base/async/abort.ts';
import { GatewayError } from '../../../../src/base/errors.ts';
import { encodeError } from '../../../../src/openai/vocabulary/error-body.ts';
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

function createModels() {
  let account: string | undefined = 'a';
  const fetchList = vi.fn<(incoming?: string) => Promise<typeof LIST>>().mockResolvedValue(LIST);
  const models = createCopilotModels({ fetchList, accountOf: async (incoming) => incoming ?? account });
  return { models, fetchList, signInAs: (other: string | undefined) => (account = other) };
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
