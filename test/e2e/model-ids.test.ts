import { expect, it } from 'vitest';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({
  config: {
    models: [
      { id: 'gpt-5.5' },
      { id: 'gpt-6-sol', reasoningEffort: 'xhigh' },
      { id: 'deep', model: 'gpt-6-sol', reasoningEffort: 'low' },
      { id: '*', model: 'gpt-5.5', verbosity: 'low' },
    ],
  },
});

const chat = (model: string, body: object = {}) =>
  gateway.post({ model, messages: [{ role: 'user', content: 'hello' }], ...body });
const sent = () => gateway.upstream.requests.at(-1)!.body;

it.each([
  ['gpt-4o', { model: 'gpt-5.5', text: { verbosity: 'low' } }, 'model=gpt-4o->gpt-5.5'],
  ['gpt-5.5-high', { model: 'gpt-5.5', reasoning: { effort: 'high' } }, 'gpt-5.5;effort:high'],
  ['gpt-6-sol-xhigh', { model: 'gpt-6-sol', reasoning: { effort: 'xhigh' } }, 'gpt-6-sol;effort:xhigh'],
  ['deep-high', { model: 'gpt-6-sol', reasoning: { effort: 'high' } }, 'deep;effort:high'],
])(
  'answers as %s, asks upstream for the model behind it, and names that in the header',
  async (model, upstream, notice) => {
    const response = await chat(model);
    expect(await response.json()).toMatchObject({ model });
    expect(response.headers.get('x-codex-gateway-adjusted')).toContain(notice);
    expect(sent()).toMatchObject(upstream);
  },
);

it('prefers the effort of the request to that of the id', async () => {
  const response = await chat('gpt-5.5-high', { reasoning_effort: 'low' });
  expect(sent()).toMatchObject({ reasoning: { effort: 'low' } });
  expect(response.headers.get('x-codex-gateway-adjusted')).toBe('model=gpt-5.5-high->gpt-5.5');
});

it('repeats the id and the effort in a response', async () => {
  const response = await gateway.client.responses.create({ model: 'gpt-5.5-high', input: 'hello' });
  expect(response).toMatchObject({ model: 'gpt-5.5-high', reasoning: { effort: 'high' } });
});

it('lists neither the fallback nor ids with an effort, and describes the model behind any of them', async () => {
  const listed = (await gateway.client.models.list()).data.map(({ id }) => id);
  expect(listed).toContain('deep');
  expect(listed.filter((id) => id === '*' || /-(low|high)$/.test(id))).toEqual([]);
  expect(await gateway.client.models.retrieve('gpt-4o')).toMatchObject({ id: 'gpt-4o', object: 'model' });
});

it.each([
  ['deep', 'low'],
  ['deep-high', 'high'],
  ['gpt-5.5-high', 'high'],
  ['gpt-6-sol', 'xhigh'],
])('describes %s with the default effort that requests use: %s', async (id, effort) => {
  const model = await gateway.client.models.retrieve(id);
  expect(model).toMatchObject({ default_reasoning_effort: effort });
  await chat(id);
  expect(sent()).toMatchObject({ reasoning: { effort } });
});

it('lists each model with the effort that a request without one gets', async () => {
  const { data } = await gateway.client.models.list();
  const efforts = data.map((model) => [model.id, Reflect.get(model, 'default_reasoning_effort')]);
  expect(Object.fromEntries(efforts)).toMatchObject({
    deep: 'low',
    'gpt-6-sol': 'xhigh',
    'gpt-5.5': 'medium',
  });
});
