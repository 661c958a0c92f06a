import type { InputTokenCountParams } from 'openai/resources/responses/input-tokens';
import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { dataUrl, SMALL } from '../support/images.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const MODEL = 'gpt-5.5';
const TOOL = { type: 'function', name: 'f', description: 'does', parameters: {}, strict: false } as const;
const IMAGE = { type: 'input_image', image_url: dataUrl(SMALL.png), detail: 'auto' } as const;
const SCHEMA = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};

/** Nothing runs for it. */
async function count(body?: InputTokenCountParams): Promise<number> {
  const { input_tokens: tokens, ...rest } = await gateway.client.responses.inputTokens.count(body);
  expect(rest).toEqual({ object: 'response.input_tokens', estimated: true });
  expect(gateway.upstream.requests).toEqual([]);
  return tokens;
}

const post = (body: object, headers: Record<string, string> = {}) =>
  gateway.fetch('/v1/responses/input_tokens', { method: 'POST', body: JSON.stringify(body), headers });

describe('the count of input tokens', () => {
  it.each<[name: string, tokens: number, body: InputTokenCountParams]>([
    ['no input', 0, { model: MODEL }],
    ['a text', 2, { model: MODEL, input: 'hello world' }],
    ['a text without a model', 2, { input: 'hello world' }],
    ['a text in another language', 3, { model: MODEL, input: '日本語です' }],
    ['instructions and a text', 4, { model: MODEL, instructions: 'hello world', input: 'hello world' }],
    [
      'items',
      5,
      {
        model: MODEL,
        input: [
          { role: 'user', content: 'hello world' },
          { role: 'assistant', content: 'hi' },
          { role: 'user', content: [{ type: 'input_text', text: 'hello world' }] },
        ],
      },
    ],
  ])('is exact for %s', async (_name, tokens, body) => {
    expect(await count(body)).toBe(tokens);
  });

  it('is zero without a body', async () => {
    expect(await count()).toBe(0);
  });

  it('includes tools and a schema', async () => {
    const body = { model: MODEL, input: 'hello world' };
    expect(await count({ ...body, tools: [TOOL] })).toBeGreaterThan(2);
    const format = { type: 'json_schema', name: 'a', schema: SCHEMA, strict: true } as const;
    expect(await count({ ...body, text: { format } })).toBeGreaterThan(2);
  });

  it('includes the previous response or conversation', async () => {
    const { client, upstream } = gateway;
    upstream.use(say('hello world'));
    const { id } = await client.responses.create({ model: MODEL, input: 'hello world' });
    upstream.requests.length = 0;
    expect(await count({ model: MODEL, previous_response_id: id, input: 'hello world' })).toBe(6);
    const { id: conversation } = await client.conversations.create({
      items: [{ role: 'user', content: 'hello world' }],
    });
    expect(await count({ model: MODEL, conversation, input: 'hello world' })).toBe(4);
  });

  it('includes the instructions of a preset', async () => {
    const preset = { id: 'mine', model: MODEL, system: 'hello world' };
    const other = await startTestGateway({ config: { models: [preset] } });
    try {
      const counted = await other.client.responses.inputTokens.count({ model: 'mine', input: 'hello world' });
      expect(counted.input_tokens).toBe(4);
    } finally {
      await other.close();
    }
  });
});

it('ignores an image visibly, or refuses it in strict mode', async () => {
  const content = [{ type: 'input_text', text: 'hello world' }, IMAGE];
  const body = { model: MODEL, input: [{ role: 'user', content }] };
  const response = await post(body);
  expect(response.headers.get('x-codex-gateway-ignored')).toBe('input[].content[].image_url');
  expect(await response.json()).toMatchObject({ input_tokens: 2 });
  const strict = await post(body, { 'x-codex-gateway-strict': '1' });
  expect(strict.status).toBe(400);
  expect(await strict.json()).toMatchObject({ error: { param: 'input[0].content[1].image_url' } });
});

it.each<[param: string, status: number, body: object]>([
  ['model', 404, { model: 'gpt-unknown', input: 'hello' }],
  ['input[0].role', 400, { input: [{ role: 'critic', content: 'x' }] }],
  ['previous_response_id', 400, { previous_response_id: 'resp_x' }],
])('refuses a wrong %s', async (param, status, body) => {
  const response = await post(body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject({ error: { param } });
});
