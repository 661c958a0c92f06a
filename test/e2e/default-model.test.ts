import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { connect } from '../support/response-socket.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const MESSAGES = [{ role: 'user', content: 'Hi.' }];

const CONTRACTS: [path: string, body: object][] = [
  ['/v1/chat/completions', { messages: MESSAGES }],
  ['/v1/chat/completions', { messages: MESSAGES, stream: true }],
  ['/v1/chat/completions', { input: 'Hi.' }],
  ['/v1/completions', { prompt: 'Hi.' }],
  ['/v1/responses', { input: 'Hi.' }],
  ['/v1/responses', { input: 'Hi.', stream: true }],
  ['/v1/responses', { input: 'Hi.', background: true }],
  ['/v1/responses', { input: 'Hi.', model: null }],
  ['/v1/responses/compact', { input: 'Hi.' }],
];

const post = (gateway: TestGateway, path: string, body: object) =>
  gateway.fetch(path, { method: 'POST', body: JSON.stringify(body) });

describe('without the setting defaultModel', () => {
  const gateway = useSharedGateway();

  it.each(CONTRACTS)('%s refuses %j, which names no model', async (path, body) => {
    const response = await post(gateway, path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: {
        message: "Missing required parameter: 'model'.",
        type: 'invalid_request_error',
        param: 'model',
        code: 'missing_required_parameter',
      },
    });
    expect(gateway.upstream.requests).toEqual([]);
  });

  it('a WebSocket refuses a request that names no model, and stays open', async () => {
    const socket = connect(gateway.client);
    expect(await socket.ask({ input: 'Hi.' })).toMatchObject([
      { type: 'error', error: { code: 'missing_required_parameter', param: 'model' } },
    ]);
    gateway.upstream.use(say('Hello.'));
    expect((await socket.ask({ model: 'gpt-5.5', input: 'Hi.' })).at(-1)).toMatchObject({
      type: 'response.completed',
    });
  });
});

describe('with the setting defaultModel', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    const models = [
      { id: 'house', model: 'gpt-5.5' },
      { id: 'second', model: 'gpt-6-sol' },
    ];
    gateway = await startTestGateway({ config: { defaultModel: 'house', models } });
  });
  afterAll(() => gateway.close());

  it.each(CONTRACTS)('%s answers %j by that model', async (path, body) => {
    gateway.upstream.use(say('Hello.'));
    const before = gateway.upstream.requests.length;
    const response = await post(gateway, path, body);
    expect(response.status).toBe(200);
    const text = await response.text();
    if (!path.endsWith('compact')) expect(text).toContain('"model":"house"');
    await expect.poll(() => gateway.upstream.requests.length).toBe(before + 1);
    expect(gateway.upstream.requests.at(-1)!.body.model).toBe('gpt-5.5');
  });

  it('a WebSocket answers by that model', async () => {
    gateway.upstream.use(say('Hello.'));
    const events = await connect(gateway.client).ask({ input: 'Hi.' });
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { model: 'house' } });
  });

  it('a model that the request names takes precedence', async () => {
    gateway.upstream.use(say('Hello.'));
    const response = await gateway.client.responses.create({ model: 'second', input: 'Hi.' });
    expect(response.model).toBe('second');
  });
});
