import OpenAI, { AzureOpenAI } from 'openai';
import { beforeEach, describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { connect } from '../support/response-socket.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

beforeEach(() => gateway.upstream.use(say('Hello.')));

const azure = (options: { deployment?: string; baseURL?: string } = {}) =>
  new AzureOpenAI({
    ...(options.baseURL === undefined && { endpoint: gateway.running.origin }),
    apiKey: TOKEN,
    apiVersion: '2025-04-01-preview',
    maxRetries: 0,
    ...options,
  });

const lastModel = () => (gateway.upstream.requests.at(-1)!.body as { model?: string }).model;

describe('the AzureOpenAI client', () => {
  const MESSAGES = [{ role: 'user', content: 'Hello?' }] as const;

  it('gets a chat completion from the model of its request', async () => {
    const completion = await azure().chat.completions.create({ model: 'gpt-5.5', messages: [...MESSAGES] });
    expect(completion.choices[0]!.message.content).toBe('Hello.');
    expect([completion.model, lastModel()]).toEqual(['gpt-5.5', 'gpt-5.5']);
  });

  it('streams chat completions', async () => {
    const stream = azure().chat.completions.stream({ model: 'gpt-5.5', messages: [...MESSAGES] });
    expect(await stream.finalContent()).toBe('Hello.');
  });

  it('gets a text completion', async () => {
    const completion = await azure().completions.create({ model: 'gpt-5.5', prompt: 'Hello?' });
    expect(completion.choices[0]!.text).toBe('Hello.');
  });

  it('prefers the model in the body to the deployment in the path', async () => {
    const client = azure({ deployment: 'gpt-6-sol' });
    await client.chat.completions.create({ model: 'gpt-5.5', messages: [...MESSAGES] });
    expect(lastModel()).toBe('gpt-5.5');
  });

  it.each(['', null, undefined])(
    'uses its deployment for a missing chat model and refuses an empty one: %j',
    async (model) => {
      const client = azure({ deployment: 'gpt-6-sol' });
      const body = { ...(model !== undefined && { model }), messages: [...MESSAGES] } as never;
      const asked = client.chat.completions.create(body) as Promise<OpenAI.ChatCompletion>;
      if (model === '') await expect(asked).rejects.toMatchObject({ status: 400, param: 'model' });
      else expect((await asked).model).toBe('gpt-6-sol');
    },
  );

  it('creates, continues, retrieves and deletes responses', async () => {
    const client = azure();
    const first = await client.responses.create({ model: 'gpt-5.5', input: 'One.' });
    const second = await client.responses.create({
      model: 'gpt-5.5',
      input: 'Two.',
      previous_response_id: first.id,
    });
    expect(second.output_text).toBe('Hello.');
    expect((await client.responses.retrieve(first.id)).id).toBe(first.id);
    expect((await client.responses.inputItems.list(second.id)).data.length).toBeGreaterThan(0);
    await client.responses.delete(first.id);
  });

  it('lists models and stores a conversation', async () => {
    const client = azure();
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('gpt-5.5');
    expect((await client.models.retrieve('gpt-5.5')).id).toBe('gpt-5.5');
    const { id } = await client.conversations.create({ metadata: { a: 'b' } });
    expect((await client.conversations.items.list(id)).data).toEqual([]);
  });

  it('sends every request below a deployment when its base URL names one', async () => {
    const client = azure({ baseURL: `${gateway.running.origin}/openai/deployments/gpt-5.5` });
    const body = { input: 'Hello?' } as { input: string; model: string };
    expect((await client.responses.create(body)).model).toBe('gpt-5.5');
    expect((await client.responses.inputTokens.count({ input: 'Hello?' })).input_tokens).toBeGreaterThan(0);
    const { id } = await client.conversations.create({});
    expect(id).toMatch(/^conv_/);
    expect((await client.models.list()).data.length).toBeGreaterThan(0);
  });

  it('gets a 401 for a wrong key', async () => {
    const client = new AzureOpenAI({
      endpoint: gateway.running.origin,
      apiKey: 'wrong',
      apiVersion: '2025-04-01-preview',
      maxRetries: 0,
    });
    await expect(client.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  });
});

it('a WebSocket below a deployment is answered with the model of the deployment', async () => {
  const client = new OpenAI({
    baseURL: `${gateway.running.origin}/openai/deployments/gpt-6-sol`,
    apiKey: TOKEN,
  });
  const socket = connect(client);
  const last = (await socket.ask({ input: 'Hello?', store: false })).at(-1);
  expect(last).toMatchObject({ type: 'response.completed', response: { model: 'gpt-6-sol' } });
});

it('a WebSocket below /openai/v1 is answered', async () => {
  const client = new OpenAI({ baseURL: `${gateway.running.origin}/openai/v1`, apiKey: TOKEN });
  const socket = connect(client);
  const last = (await socket.ask({ model: 'gpt-5.5', input: 'Hello?', store: false })).at(-1);
  expect(last).toMatchObject({ type: 'response.completed' });
});
