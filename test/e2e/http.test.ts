import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { readChunks } from '../support/read-chunks.ts';
import {
  say,
  sendCompleted,
  sendDelta,
  sendMessageDone,
  sendMessageStart,
  startResponse,
} from '../support/upstream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({
    config: { bodyLimit: 10_000, keepAlive: { comment: 0.02, heartbeat: 0.08 } },
  });
});
afterAll(() => gateway.close());

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };

async function errorOf(response: Response): Promise<unknown> {
  const body = (await response.json()) as { error: unknown };
  expect(Object.keys(body)).toEqual(['error']);
  return { status: response.status, ...(body.error as object) };
}

describe('GET /healthz', () => {
  it('needs no token', async () => {
    const response = await fetch(`${gateway.running.origin}/healthz`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'ok', service: 'codex-gateway' },
    ]);
  });
});

describe('authentication', () => {
  const models = (headers: Record<string, string>) =>
    fetch(`${gateway.running.origin}/v1/models`, { headers });

  it.each([
    ['Authorization: Bearer', { authorization: 'Bearer test-token-of-this-suite' }],
    ['a lower-case scheme', { authorization: 'bearer test-token-of-this-suite' }],
    ['api-key', { 'api-key': 'test-token-of-this-suite' }],
    ['x-api-key', { 'x-api-key': 'test-token-of-this-suite' }],
    [
      'Authorization before api-key',
      { authorization: 'Bearer test-token-of-this-suite', 'api-key': 'wrong' },
    ],
  ])('accepts %s', async (_name, headers) => {
    expect((await models(headers as Record<string, string>)).status).toBe(200);
  });

  it.each([
    ['nothing', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['another scheme', { authorization: 'Basic test-token-of-this-suite' }],
    [
      'a wrong Authorization beside a right api-key',
      { authorization: 'Bearer wrong', 'api-key': 'test-token-of-this-suite' },
    ],
    ['a prefix of the token', { authorization: 'Bearer test' }],
  ])('refuses %s', async (_name, headers) => {
    const response = await models(headers);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await errorOf(response)).toMatchObject({
      message: expect.stringContaining('`codex-gateway token` prints'),
      status: 401,
      type: 'invalid_request_error',
      code: 'invalid_api_key',
      param: null,
    });
  });
});

describe('GET /v1/models', () => {
  it('lists what the catalog shows, with the real context length', async () => {
    const { data } = await gateway.client.models.list();
    const ids = data.map((model) => model.id);
    expect(ids).toEqual(expect.arrayContaining(['gpt-5.5', 'gpt-6-sol', 'gpt-6.1-sol']));
    expect(ids).not.toContain('codex-auto-review');
    expect(data.find((model) => model.id === 'gpt-5.5')).toEqual({
      id: 'gpt-5.5',
      object: 'model',
      created: expect.any(Number),
      // The catalog is OpenAI's; nobody has said that the provider serves it.
      owned_by: 'openai',
      context_length: 272_000,
      reasoning_efforts: expect.arrayContaining(['low', 'medium', 'high']),
      default_reasoning_effort: 'medium',
      input_modalities: ['text', 'image'],
      is_default: false,
    });
    expect(data.filter((model) => 'is_default' in model && model.is_default)).toHaveLength(1);
  });

  it('lists hidden models, too, for a client that asks for them', async () => {
    const { data } = (await (await gateway.fetch('/v1/models?hidden=true')).json()) as { data: object[] };
    expect(data).toContainEqual(expect.objectContaining({ id: 'codex-auto-review', hidden: true }));
    expect(data).toContainEqual(expect.not.objectContaining({ hidden: expect.anything() }));
  });

  it.each(['bogus', '1', ''])('refuses a value of hidden that is not a boolean: "%s"', async (value) => {
    expect(await errorOf(await gateway.fetch(`/v1/models?hidden=${value}`))).toMatchObject({
      status: 400,
      code: 'invalid_value',
      param: 'hidden',
    });
    expect((await gateway.fetch('/v1/models?hidden=false')).status).toBe(200);
  });

  it('serves a hidden model by its id', async () => {
    expect(await gateway.client.models.retrieve('codex-auto-review')).toMatchObject({
      id: 'codex-auto-review',
    });
    const completion = await gateway.client.chat.completions.create({
      ...CHAT,
      model: 'codex-auto-review',
    } as never);
    expect(completion).toMatchObject({ model: 'codex-auto-review' });
  });

  it.each(['nope', 'a/b', 'a%2Fb'])('answers 404 for the unknown model %s', async (id) => {
    expect(await errorOf(await gateway.fetch(`/v1/models/${id}`))).toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });
});

describe('a request that is not served', () => {
  it.each([
    ['POST', '/v1/models', 'HEAD, GET'],
    ['GET', '/v1/chat/completions', 'POST'],
    ['DELETE', '/healthz', 'HEAD, GET'],
  ])('%s %s gets 405 with Allow', async (method, path, allow) => {
    const response = await gateway.fetch(path, { method });
    expect(response.headers.get('allow')).toBe(allow);
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  it.each(['/', '/v1/embeddings', '/v1/files', '/admin'])(
    '%s gets a 404 that names the document that lists every path',
    async (path) => {
      const response = await gateway.fetch(path);
      expect(await errorOf(response)).toMatchObject({
        status: 404,
        code: 'unknown_url',
        message: expect.stringContaining('docs/api/endpoints.md of codex-gateway'),
      });
    },
  );

  it('gets 404 for an unknown model before anything goes upstream', async () => {
    const before = gateway.upstream.requests.length;
    expect(await errorOf(await gateway.post({ ...CHAT, model: 'nope' }))).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
    expect(gateway.upstream.requests).toHaveLength(before);
  });
});

describe('a body that cannot be read', () => {
  it.each([
    ['not JSON', '{"model":'],
    ['a string', '"hello"'],
    ['an array', '[]'],
    ['null', 'null'],
    ['nothing', ''],
  ])('gets 400 for %s', async (_name, body) => {
    expect(await errorOf(await gateway.post(body))).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
    });
  });

  it('gets 400 for another content type, and the error names the right one', async () => {
    const response = await gateway.post(CHAT, { headers: { 'content-type': 'text/plain' } });
    expect(await errorOf(response)).toMatchObject({
      status: 400,
      message: expect.stringContaining('application/json'),
    });
  });

  it('gets 413 for a declared length over the limit', async () => {
    const content = 'x'.repeat(20_000);
    const response = await gateway.post({ ...CHAT, messages: [{ role: 'user', content }] });
    expect(await errorOf(response)).toMatchObject({ status: 413, code: 'request_too_large' });
  });
});

/** `depth` objects, one in the other. */
const nested = (depth: number): unknown => JSON.parse('{"a":'.repeat(depth) + '1' + '}'.repeat(depth));

describe('a field that is wrong', () => {
  it.each([
    ['no model', { model: undefined }, 'model', 'missing_required_parameter'],
    ['no messages', { messages: undefined }, 'messages', 'missing_required_parameter'],
    ['empty messages', { messages: [] }, 'messages', 'invalid_value'],
    ['a model that is a number', { model: 5 }, 'model', 'invalid_value'],
    ['messages that are a string', { messages: 'hello' }, 'messages', 'invalid_value'],
    ['a message that is a string', { messages: ['hello'] }, 'messages[0]', 'invalid_value'],
    ['an unknown role', { messages: [{ role: 'king', content: 'x' }] }, 'messages[0].role', 'invalid_value'],
    ['no content', { messages: [{ role: 'user' }] }, 'messages[0].content', 'missing_required_parameter'],
    [
      'content that is null',
      { messages: [{ role: 'user', content: null }] },
      'messages[0].content',
      'invalid_value',
    ],
    [
      'content without parts',
      { messages: [{ role: 'user', content: [] }] },
      'messages[0].content',
      'invalid_value',
    ],
    [
      'a part without text',
      { messages: [{ role: 'user', content: [{ type: 'text' }] }] },
      'messages[0].content[0].text',
      'missing_required_parameter',
    ],
    [
      'sound, which is not supported',
      { messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }] },
      'messages[0].content[0]',
      'unsupported_parameter',
    ],
    [
      'a tool message of no call',
      { messages: [{ role: 'tool', content: 'x' }] },
      'messages[0].tool_call_id',
      'missing_required_parameter',
    ],
    ['a stream that is a string', { stream: 'yes' }, 'stream', 'invalid_value'],
    [
      'stream options of a wrong type',
      { stream_options: { include_usage: 1 } },
      'stream_options.include_usage',
      'invalid_value',
    ],
    ['too many answers', { n: 9 }, 'n', 'invalid_value'],
    [
      'a format of another kind',
      { response_format: { type: 'xml' } },
      'response_format.type',
      'invalid_value',
    ],
    [
      'a role that is missing',
      { messages: [{ content: 'x' }] },
      'messages[0].role',
      'missing_required_parameter',
    ],
    [
      'a content that is a number',
      { messages: [{ role: 'user', content: 5 }] },
      'messages[0].content',
      'invalid_value',
    ],
    ['a stop that is an object', { stop: {} }, 'stop', 'invalid_value'],
    ['a stop that is empty', { stop: ['a', ''] }, 'stop[1]', 'invalid_value'],
    ['a user that is an object', { user: {} }, 'user', 'invalid_value'],
    [
      'a format without a type',
      { response_format: {} },
      'response_format.type',
      'missing_required_parameter',
    ],
    ['a message nested too deep', { messages: [nested(80)] }, 'messages[0].a', 'invalid_value'],
  ])('gets a 400 that names it for %s', async (_name, change, param, code) => {
    expect(await errorOf(await gateway.post({ ...CHAT, ...change }))).toMatchObject({
      status: 400,
      param,
      code,
    });
  });

  it('is accepted when its value matches the default behaviour', async () => {
    const neutral = {
      audio: null,
      frequency_penalty: 0,
      logit_bias: {},
      logprobs: false,
      max_tokens: null,
      metadata: {},
      modalities: ['text'],
      n: 1,
      parallel_tool_calls: true,
      presence_penalty: 0,
      response_format: { type: 'text' },
      safety_identifier: 'u',
      seed: null,
      service_tier: 'auto',
      stop: [],
      store: false,
      stream: null,
      stream_options: null,
      temperature: 1,
      tool_choice: 'auto',
      tools: [],
      top_logprobs: 0,
      top_p: 1,
      user: 'u',
      verbosity: 'medium',
    };
    expect((await gateway.post({ ...CHAT, ...neutral })).status).toBe(200);
  });
});

describe('a stream', () => {
  /** Answers after some keep-alives' time. */
  const slowly = (milliseconds: number) => (_request: unknown, response: ServerResponse) => {
    startResponse(response);
    setTimeout(() => {
      sendMessageStart(response);
      sendDelta(response, 'late');
      sendMessageDone(response, 'late');
      sendCompleted(response);
    }, milliseconds);
  };

  it('has the headers of server-sent events and ends with [DONE]', async () => {
    gateway.upstream.use(say('Hi'));
    const response = await gateway.post({ ...CHAT, stream: true });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect((await response.text()).endsWith('data: [DONE]\n\n')).toBe(true);
  });

  it('is kept alive by comments, and by a chunk without content at every fourth', async () => {
    gateway.upstream.use(slowly(1000));
    const response = await gateway.post({ ...CHAT, stream: true });
    const text = await response.text();
    // While nothing is known of the answer, there is no chunk to send.
    expect(text).toMatch(/^(: keepalive\n\n){3,}data: \{/);
    const [heartbeat] = readChunks(text);
    expect(heartbeat!.choices).toEqual([{ index: 0, delta: {}, finish_reason: null, logprobs: null }]);
  });

  it('works in the official SDK after an initial silence', async () => {
    gateway.upstream.use(slowly(200));
    const stream = gateway.client.chat.completions.stream({
      model: 'gpt-5.5',
      messages: [{ role: 'user', content: 'x' }],
    });
    expect(await stream.finalContent()).toBe('late');
  });
});

it('a request of the gateway’s own Codex is refused as a loop, whatever its token', async () => {
  const response = await gateway.post(CHAT, {
    headers: { originator: 'codex-gateway', authorization: 'Bearer x' },
  });
  expect(await errorOf(response)).toMatchObject({ status: 508, code: 'loop_detected' });
});
