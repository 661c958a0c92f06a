import { expect, it } from 'vitest';
import { readModelList } from '../../../../src/upstream/copilot/models/read-model-list.ts';

const GPT = {
  id: 'gpt-5.5',
  name: 'GPT-5.5',
  vendor: 'Azure OpenAI',
  model_picker_enabled: true,
  is_chat_default: true,
  policy: { state: 'enabled', terms: '…' },
  supported_endpoints: ['/responses', 'ws:/responses'],
  capabilities: {
    type: 'chat',
    limits: {
      max_context_window_tokens: 400_000,
      max_prompt_tokens: 272_000,
      vision: { max_prompt_images: 1 },
    },
    supports: { vision: true, reasoning_effort: ['low', 'medium', 'high'] },
  },
};

function read(...data: unknown[]) {
  return readModelList({ object: 'list', data })!;
}

function listedIds(...data: unknown[]) {
  return read(...data).models.map(({ id }) => id);
}

it('reads what Copilot says about a model', () => {
  expect(read(GPT).models).toEqual([
    {
      id: 'gpt-5.5',
      name: 'GPT-5.5',
      ownedBy: 'Azure OpenAI',
      isHidden: false,
      isDefault: true,
      contextLength: 400_000,
      maxPromptTokens: 272_000,
      reasoningEfforts: ['low', 'medium', 'high'],
      inputModalities: ['text', 'image'],
    },
  ]);
});

it('lists a model that has only an id and a type', () => {
  expect(read({ id: 'plain', capabilities: { type: 'chat' } }).models).toEqual([
    {
      id: 'plain',
      name: 'plain',
      ownedBy: 'github-copilot',
      isHidden: false,
      isDefault: false,
      contextLength: null,
      maxPromptTokens: null,
      reasoningEfforts: [],
      inputModalities: ['text'],
    },
  ]);
});

it('keeps the routes of models that do not answer at /responses', () => {
  const list = read(
    GPT,
    {
      id: 'claude',
      supported_endpoints: ['/v1/messages', '/chat/completions'],
      capabilities: { type: 'chat' },
    },
    { id: 'socket', supported_endpoints: ['ws:/responses'] },
    { id: 'embedding', capabilities: { type: 'embeddings' } },
    { id: 'riddle' },
  );
  expect(list.models.map(({ id }) => id)).toEqual(['gpt-5.5']);
  expect(Object.fromEntries(list.otherRoutes)).toEqual({
    claude: ['/v1/messages', '/chat/completions'],
    socket: ['ws:/responses'],
    embedding: ['/embeddings'],
    riddle: [],
  });
});

it('leaves out a model that the account has disabled, which is still not one of another route', () => {
  const list = read(GPT, { ...GPT, id: 'off', policy: { state: 'disabled' } });
  expect(list.models.map(({ id }) => id)).toEqual(['gpt-5.5']);
  expect(list.otherRoutes.has('off')).toBe(false);
});

it.each(['unconfigured', 'pending', 'requires_consent'])('lists a model whose policy is %s', (state) => {
  expect(listedIds({ ...GPT, policy: { state } })).toEqual(['gpt-5.5']);
});

it('marks a model as hidden that the picker does not show', () => {
  expect(read({ ...GPT, model_picker_enabled: false }).models).toMatchObject([
    { id: 'gpt-5.5', isHidden: true },
  ]);
});

it('skips the entries that cannot be read, one by one', () => {
  const unreadable = [
    null,
    'gpt',
    7,
    [],
    {},
    { id: 3 },
    { id: '' },
    { ...GPT, id: 'x', supported_endpoints: 1 },
  ];
  expect(listedIds(...unreadable, GPT, ...unreadable)).toEqual(['gpt-5.5']);
});

it.each([
  ['a number as its name', { name: 5 }],
  ['capabilities that are null', { capabilities: null }],
  ['limits that are a list', { capabilities: { limits: [] } }],
  ['a text as its efforts', { capabilities: { supports: { reasoning_effort: 'high' } } }],
  ['a policy that is a text', { policy: 'enabled' }],
  ['a picker that is null', { model_picker_enabled: null }],
  ['endpoints that are not all texts', { supported_endpoints: [null, '/responses'] }],
])('lists a model with %s', (_, odd) => {
  expect(listedIds({ ...GPT, ...odd })).toEqual(['gpt-5.5']);
});

it('takes the first of two entries with one id', () => {
  expect(read(GPT, { ...GPT, name: 'Other' }).models).toMatchObject([{ name: 'GPT-5.5' }]);
});

it.each([[undefined], [null], ['list'], [[]], [{ data: 'x' }], [{}]])(
  'returns undefined for %j',
  (answer) => {
    expect(readModelList(answer)).toBeUndefined();
  },
);

it('reads no more than 500 models, since the list for Codex has a prompt for each', () => {
  const ids = Array.from({ length: 600 }, (_, index) => `model-${index}`);
  expect(listedIds(...ids.map((id) => ({ ...GPT, id })))).toEqual(ids.slice(0, 500));
});
