import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  COPILOT_TOKEN,
  startCopilotGateway,
  type CopilotGateway,
} from '../../support/copilot/copilot-fakes.ts';
import { say } from '../../support/upstream.ts';

let gateway: CopilotGateway;

beforeAll(async () => {
  gateway = await startCopilotGateway();
});
afterAll(() => gateway.close());
beforeEach(() => {
  gateway.copilot.requests.length = 0;
  gateway.upstream.requests.length = 0;
});

const messages = [{ role: 'user', content: 'hi' } as const];

describe('signed in to Copilot', () => {
  it('nothing is asked of Copilot or GitHub before the first request', () => {
    expect(gateway.copilot.requests).toEqual([]);
    expect(gateway.github.requests).toEqual([]);
  });

  it('the SDK lists the models that answer at /responses, as copilot/<id>, beside the others', async () => {
    const { data } = await gateway.client.models.list();
    const ids = data.map(({ id }) => id);
    expect(ids.filter((id) => id.startsWith('copilot/'))).toEqual([
      'copilot/gpt-5.5',
      'copilot/gpt-5.6-luna',
    ]);
    expect(ids).toContain('gpt-5.5');
    expect(data.find(({ id }) => id === 'copilot/gpt-5.5')).toMatchObject({
      object: 'model',
      created: 0,
      owned_by: 'OpenAI',
      context_length: 400_000,
      reasoning_efforts: ['low', 'medium', 'high'],
      input_modalities: ['text', 'image'],
      is_default: false,
    });
    expect(data.filter((model) => (model as { is_default?: boolean }).is_default)).toHaveLength(1);
  });

  it('GET /v1/models/copilot/<id> shows one of them, and an unknown one is a 404', async () => {
    const found = await gateway.fetch('/v1/models/copilot/gpt-5.5');
    expect(await found.json()).toMatchObject({ id: 'copilot/gpt-5.5', owned_by: 'OpenAI' });
    const absent = await gateway.fetch('/v1/models/copilot/unknown');
    expect(absent.status).toBe(404);
    expect(await absent.json()).toMatchObject({ error: { code: 'model_not_found' } });
  });

  it('a chat completion is answered by Copilot, through an app-server of its own', async () => {
    gateway.copilot.use(say('Hello from ', 'Copilot.'));
    const answer = await gateway.client.chat.completions.create({ model: 'copilot/gpt-5.5', messages });
    expect(answer.choices[0]?.message.content).toBe('Hello from Copilot.');
    expect(gateway.copilot.responses).toHaveLength(1);
    expect(gateway.copilot.responses[0]?.body.model).toBe('gpt-5.5');
    expect(gateway.copilot.responses[0]?.headers.authorization).toBe(`Bearer ${COPILOT_TOKEN}`);
    expect(gateway.upstream.requests).toEqual([]);
  });

  it('an id that Copilot does not list is unknown, and nothing is sent', async () => {
    const asking = gateway.client.chat.completions.create({ model: 'copilot/unknown', messages });
    await expect(asking).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    expect(gateway.copilot.responses).toEqual([]);
  });

  it('a model of the same id without the prefix is still answered by Codex', async () => {
    await gateway.client.chat.completions.create({ model: 'gpt-5.5', messages });
    expect(gateway.upstream.requests).toHaveLength(1);
    expect(gateway.copilot.requests).toEqual([]);
  });
});
