import { describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { until } from '../support/process.ts';
import { connect } from '../support/response-socket.ts';
import { breakOff, refuse, say, type Script } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { imageHosts: ['127.0.0.1'] } });

const MESSAGES = [{ role: 'user', content: 'PROMPT-TEXT' }];
const CHAT = { model: 'gpt-5.5', messages: MESSAGES };
const RESPONSE = { model: 'gpt-5.5', input: 'PROMPT-TEXT' };

type Fields = Readonly<Record<string, unknown>>;

interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: Fields;
}

function linesOf(id: string): LogLine[] {
  return gateway.log.lines.flatMap((line) => {
    const [, level, message, fields] = /^(\w+) ([^{]*) (\{.*\})$/.exec(line)!;
    const parsed = JSON.parse(fields!) as Fields;
    return level !== 'debug' && parsed.id === id
      ? [{ level: level!, message: message!, fields: parsed }]
      : [];
  });
}

/** Sends a request and waits for its line; there must be no other of that kind. */
async function ask(path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await gateway.fetch(path, {
    method: 'POST',
    headers,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const id = response.headers.get('x-request-id')!;
  await until(() => linesOf(id).some(({ message }) => message === 'request'));
  const lines = linesOf(id);
  return { status: response.status, text, lines, line: lines.find(({ message }) => message === 'request')! };
}

describe('the log line of a request', () => {
  it('has the model, effort, times, tokens, ignored and adjusted fields, and the client program', async () => {
    gateway.upstream.use(say('ANSWER-TEXT'));
    const body = { ...CHAT, reasoning_effort: 'minimal', temperature: 0.3, 'my-own-key': 'x' };
    const { line, lines } = await ask('/v1/chat/completions', body, { 'user-agent': 'OpenAI/JS 7.55.0' });
    expect(lines).toHaveLength(1);
    expect(line).toMatchObject({
      level: 'info',
      fields: {
        method: 'POST',
        path: '/v1/chat/completions',
        status: 200,
        model: 'gpt-5.5',
        effort: 'low',
        stream: false,
        inputTokens: 11,
        cachedTokens: 3,
        outputTokens: 7,
        ignored: 'temperature, *',
        adjusted: 'reasoning_effort',
        client: 'OpenAI/JS',
      },
    });
    expect(line.fields.firstMs).toBeLessThanOrEqual(Number(line.fields.ms));
  });

  it.each([
    ['/v1/chat/completions', { ...CHAT, stream: true }],
    ['/v1/completions', { model: 'gpt-5.5', prompt: 'PROMPT-TEXT', stream: true }],
    ['/v1/responses', { ...RESPONSE, stream: true }],
  ])('has the time of the first token for a stream of %s', async (path, body) => {
    gateway.upstream.use(say('Hello.'));
    const { line } = await ask(path, body);
    expect(line.fields).toMatchObject({
      stream: true,
      status: 200,
      outputTokens: 7,
      firstMs: expect.any(Number),
    });
  });

  it('has the id of the response that the client received', async () => {
    gateway.upstream.use(say('Hello.'));
    const { line, text } = await ask('/v1/responses', RESPONSE);
    expect(line.fields.response).toBe((JSON.parse(text) as { id: string }).id);
  });

  it('sums the tokens of several answers', async () => {
    gateway.upstream.use(say('Hello.'));
    const { line } = await ask('/v1/chat/completions', { ...CHAT, n: 2 });
    expect(line.fields).toMatchObject({ inputTokens: 22, outputTokens: 14 });
  });

  it('names the model behind an alias, and omits a model that does not exist', async () => {
    const { line } = await ask('/v1/chat/completions', { ...CHAT, model: 'MODEL-TEXT' });
    expect(line.level).toBe('warn');
    expect(line.fields).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect(line.fields.model).toBeUndefined();
    expect(JSON.stringify(line)).not.toContain('MODEL-TEXT');
  });
});

/** Bodies, each wrong in a way of its own, whose every text of the caller's says LEAK. */
const WRONG: readonly [name: string, path: string, body: unknown][] = [
  ['no JSON', '/v1/chat/completions', '{"model": "LEAK'],
  ['no object', '/v1/chat/completions', '["LEAK"]'],
  ['an unknown model', '/v1/chat/completions', { ...CHAT, model: "LE'AK LEAK" }],
  ['a wrong role', '/v1/chat/completions', { ...CHAT, messages: [{ role: 'LEAK', content: 'LEAK' }] }],
  ['a wrong type', '/v1/chat/completions', { ...CHAT, messages: 'LEAK' }],
  [
    'a wrong part',
    '/v1/chat/completions',
    { ...CHAT, messages: [{ role: 'user', content: [{ type: 'LEAK' }] }] },
  ],
  ['metadata with a wrong value', '/v1/responses', { ...RESPONSE, metadata: { 'LEAK.LEAK[LEAK]': 5 } }],
  ['a value that no model supports', '/v1/chat/completions', { ...CHAT, service_tier: 'LEAK' }],
  ['a wrong effort', '/v1/chat/completions', { ...CHAT, reasoning_effort: 'LEAK' }],
  [
    'a wrong name of a tool',
    '/v1/chat/completions',
    { ...CHAT, tools: [{ type: 'function', function: { name: "LE'AK" } }] },
  ],
  [
    'a tool choice without its tool',
    '/v1/chat/completions',
    { ...CHAT, tool_choice: { type: 'function', function: { name: 'LEAK' } } },
  ],
  [
    'a schema that cannot be',
    '/v1/chat/completions',
    {
      ...CHAT,
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'LEAK',
          strict: true,
          schema: { type: 'object', properties: { LEAK: { type: 'LEAK' } } },
        },
      },
    },
  ],
  [
    'parameters that cannot be',
    '/v1/responses',
    {
      ...RESPONSE,
      tools: [
        { type: 'function', name: 'LEAK', parameters: { type: 'object', properties: { LEAK: 'LEAK' } } },
      ],
    },
  ],
  ['an unknown response', '/v1/responses', { ...RESPONSE, previous_response_id: 'resp_LEAK' }],
  ['an unknown conversation', '/v1/responses', { ...RESPONSE, conversation: 'conv_LEAK' }],
  ['an item of an unknown kind', '/v1/responses', { ...RESPONSE, input: [{ type: 'LEAK', LEAK: 'LEAK' }] }],
  [
    'a result without its call',
    '/v1/responses',
    { ...RESPONSE, input: [{ type: 'function_call_output', call_id: 'LEAK', output: 'LEAK' }] },
  ],
  [
    'an image that is none',
    '/v1/chat/completions',
    { ...CHAT, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'LEAK' } }] }] },
  ],
  ['a cancel of nothing', '/v1/responses/resp_x/cancel', {}],
  [
    'compaction of an unknown response',
    '/v1/responses/compact',
    { model: 'gpt-5.5', previous_response_id: 'resp_LEAK' },
  ],
];

describe('the log line of a refused request', () => {
  it.each(WRONG)(
    'has level warn and the error code, and none of the request’s text, for %s',
    async (_name, path, body) => {
      const { status, text, lines, line } = await ask(path, body);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(lines).toHaveLength(1);
      const { code, type } = (JSON.parse(text) as { error: { code: string | null; type: string } }).error;
      expect(line).toMatchObject({
        level: 'warn',
        fields: { status, code: code ?? type, problem: expect.any(String) },
      });
      expect(JSON.stringify(lines)).not.toContain('LEAK');
    },
  );

  it('names the field in strict mode, unless the field is unknown', async () => {
    const strict = { 'x-codex-gateway-strict': '1' };
    const known = await ask('/v1/chat/completions', { ...CHAT, temperature: 0.3 }, strict);
    expect(known.line.fields).toMatchObject({ param: 'temperature', code: 'unsupported_value' });
    const unknown = await ask('/v1/chat/completions', { ...CHAT, 'LEAK key': 1 }, strict);
    expect(unknown.line.fields).toMatchObject({ param: '*', problem: "Unknown parameter: '*'." });
  });

  it('contains nothing of a wrong token', async () => {
    const { line, lines } = await ask('/v1/responses', RESPONSE, { authorization: 'Bearer LEAK' });
    expect(line).toMatchObject({ level: 'warn', fields: { status: 401, code: 'invalid_api_key' } });
    expect(JSON.stringify(lines)).not.toContain('LEAK');
  });

  it('contains nothing of a foreign Origin', async () => {
    const { line, lines } = await ask('/v1/responses', RESPONSE, { origin: 'https://leak.example' });
    expect(line.fields).toMatchObject({ status: 403, code: 'forbidden_origin' });
    expect(JSON.stringify(lines)).not.toContain('leak');
  });
});

const FAILURES: readonly [name: string, script: Script, status: number, fields: Fields][] = [
  [
    'rejects it',
    refuse(400, { error: { message: 'You said LEAK.', code: 'odd_value', type: 'x', param: null } }),
    400,
    { code: 'odd_value', providerStatus: 400, problem: 'The model provider rejected the request.' },
  ],
  [
    'forbids it',
    refuse(403, { error: { message: 'LEAK' } }),
    403,
    { code: 'provider_forbidden', providerStatus: 403 },
  ],
  ['fails with a 502', refuse(502, 'LEAK'), 502, { code: 'upstream_error', providerStatus: 502 }],
  ['limits the rate', refuse(429, { error: { message: 'LEAK' } }), 429, { code: 'rate_limit_exceeded' }],
];

describe('the log line of a request whose provider', () => {
  it.each(FAILURES)('%s has its status and code', async (_name, script, status, fields) => {
    gateway.upstream.use(script);
    for (const stream of [false, true]) {
      const answer = await ask('/v1/chat/completions', { ...CHAT, stream });
      expect(answer).toMatchObject({ status, lines: [{ level: 'warn', fields: { ...fields, status } }] });
      expect(JSON.stringify(answer.lines)).not.toContain('LEAK');
    }
  });

  it('breaks off within the stream has the failure at level warn', async () => {
    gateway.upstream.use(breakOff('LEAK'));
    for (const [path, body] of [
      ['/v1/chat/completions', CHAT],
      ['/v1/responses', RESPONSE],
    ] as const) {
      const { status, lines } = await ask(path, { ...body, stream: true });
      expect([status, lines.length]).toEqual([200, 1]);
      expect(lines[0]).toMatchObject({ level: 'warn', fields: { code: 'upstream_error' } });
      expect(JSON.stringify(lines)).not.toContain('LEAK');
    }
  });
});

it('a background response is logged when it ends, with its own id and the request’s', async () => {
  gateway.upstream.use(say('ANSWER-TEXT'));
  const { line, text } = await ask('/v1/responses', { ...RESPONSE, background: true });
  const { id: response } = JSON.parse(text) as { id: string };
  expect(line.fields).toMatchObject({ response, background: true, status: 200 });
  const id = String(line.fields.id);
  await until(() => linesOf(id).length === 2);
  expect(linesOf(id)[1]).toMatchObject({
    level: 'info',
    message: 'response',
    fields: { response, outcome: 'completed', model: 'gpt-5.5', outputTokens: 7 },
  });

  gateway.upstream.use(refuse(403, 'LEAK'));
  const failed = await ask('/v1/responses', { ...RESPONSE, background: true });
  const failedId = String(failed.line.fields.id);
  await until(() => linesOf(failedId).length === 2);
  expect(linesOf(failedId)[1]).toMatchObject({
    level: 'warn',
    fields: { outcome: 'failed', code: 'provider_forbidden', providerStatus: 403 },
  });
});

it('every request and every refused message over a WebSocket is logged', async () => {
  gateway.upstream.use(say('ANSWER-TEXT'));
  gateway.log.lines.length = 0;
  const socket = connect(gateway.client);
  await socket.ask({ model: 'gpt-5.5', input: 'PROMPT-TEXT', temperature: 0.3 });
  await socket.ask({ model: 'LEAK', input: 'LEAK' });
  gateway.upstream.use(refuse(403, 'LEAK'));
  await socket.ask({ model: 'gpt-5.5', input: 'LEAK' });
  socket.client.socket.send('{"type": "LEAK"}');
  await socket.rest();
  const lines = () => gateway.log.lines.filter((line) => !/^debug|^\w+ request /.test(line));
  await until(() => lines().length === 4);
  expect(lines()).toEqual([
    expect.stringMatching(/^info response .*"outcome":"completed".*"ignored":"temperature"/),
    expect.stringMatching(/^warn response .*"outcome":"failed".*"code":"model_not_found"/),
    expect.stringMatching(/^warn response .*"outcome":"failed".*"code":"provider_forbidden"/),
    expect.stringMatching(/^warn websocket message refused .*"code":"/),
  ]);
  expect(lines().every((line) => line.includes('"id":"req_'))).toBe(true);
  expect(lines().join()).not.toMatch(/LEAK|PROMPT-TEXT|ANSWER-TEXT/);
});

it('an image that is not fetched is reported with the id of its request', async () => {
  const content = [{ type: 'image_url', image_url: { url: 'http://127.0.0.1:9/LEAK.png' } }];
  const { lines } = await ask('/v1/chat/completions', { ...CHAT, messages: [{ role: 'user', content }] });
  expect(lines.map(({ message }) => message)).toEqual(['image not fetched', 'request']);
  expect(JSON.stringify(lines)).not.toContain('LEAK');
});

it('a request that cannot be parsed is logged, although no route sees it', async () => {
  gateway.log.lines.length = 0;
  const response = await gateway.fetch('/v1/models', { headers: { 'x-long': 'LEAK'.repeat(20_000) } });
  expect(response.status).toBe(431);
  const lines = gateway.log.lines.filter((line) => line.startsWith('warn unreadable request '));
  expect(lines).toEqual([expect.stringMatching(/"status":431,"code":"head_too_large"/)]);
});

it('the log contains no prompt, answer or secret', () => {
  const text = gateway.log.lines.join('\n');
  for (const secret of ['PROMPT-TEXT', 'ANSWER-TEXT', 'MODEL-TEXT', 'LEAK', TOKEN]) {
    expect(text).not.toContain(secret);
  }
});
