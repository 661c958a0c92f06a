import { describe, expect, it } from 'vitest';
import { functionTool } from '../support/ask-with-tools.ts';
import { connect } from '../support/response-socket.ts';
import { offeredTools } from '../support/upstream-tools.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const FLAT = { type: 'function', name: 'look', parameters: { type: 'object', properties: {} } };

/** As clients send them. */
const HOSTED = [
  { type: 'image_generation', output_format: 'png' },
  { type: 'mcp', server_label: 'x', server_url: 'https://mcp.example', require_approval: 'never' },
  { type: 'file_search', vector_store_ids: ['vs_1'] },
  { type: 'code_interpreter', container: { type: 'auto' } },
  { type: 'computer' },
  { type: 'computer_use_preview', display_width: 1, display_height: 1, environment: 'browser' },
  { type: 'local_shell' },
  { type: 'shell' },
  { type: 'apply_patch' },
  { type: 'programmatic_tool_calling' },
  { type: 'web_fetch' },
];
const IGNORED = HOSTED.map(({ type }) => `tools[].${type}`).join(', ');

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };
const RESPONSE = { model: 'gpt-5.5', input: 'hello' };

const ROUTES: [path: string, body: { model: string }, tool: object][] = [
  ['/v1/chat/completions', CHAT, functionTool('look')],
  ['/v1/chat/completions', RESPONSE, FLAT],
  ['/v1/responses', RESPONSE, FLAT],
];

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  gateway.fetch(path, { method: 'POST', body: JSON.stringify(body), headers });

async function refusal(path: string, body: object, headers?: Record<string, string>) {
  const response = await post(path, body, headers);
  expect(response.status).toBe(400);
  expect(gateway.upstream.requests).toEqual([]);
  return ((await response.json()) as { error: { param: string; message: string } }).error;
}

describe.each(ROUTES)('hosted tools on %s with %j', (path, body, tool) => {
  it.each([undefined, null, 'auto'])('are left out and named in the header (choice: %s)', async (choice) => {
    gateway.upstream.use(say('Hello.'));
    const response = await post(path, { ...body, tools: [...HOSTED, tool], tool_choice: choice });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-codex-gateway-ignored')).toBe(IGNORED);
    expect(offeredTools(gateway.upstream.requests[0]!)).toEqual(['look']);
  });

  it('leave a request without tools when it has no others', async () => {
    gateway.upstream.use(say('Hello.'));
    for (const tool_choice of ['auto', 'none']) {
      const response = await post(path, { ...body, tools: HOSTED, tool_choice });
      expect(response.status).toBe(200);
      expect(response.headers.get('x-codex-gateway-ignored')).toBe(IGNORED);
    }
    expect(gateway.upstream.requests.map(offeredTools)).toEqual([[], []]);
  });

  it('are removed from a choice of allowed tools', async () => {
    gateway.upstream.use(say('Hello.'));
    const tools = [
      { type: 'mcp', server_label: 'x' },
      { type: 'function', name: 'look' },
    ];
    const tool_choice = { type: 'allowed_tools', mode: 'auto', tools };
    const response = await post(path, { ...body, tools: [...HOSTED, tool], tool_choice });
    expect(response.status).toBe(200);
    expect(response.headers.get('x-codex-gateway-ignored')).toBe(`${IGNORED}, tool_choice.tools[].mcp`);
    expect(offeredTools(gateway.upstream.requests[0]!)).toEqual(['look']);
  });

  it.each(HOSTED)('are refused when the choice names one: %j', async ({ type }) => {
    const { param, message } = await refusal(path, {
      ...body,
      tools: [...HOSTED, tool],
      tool_choice: { type },
    });
    expect(param).toBe('tool_choice');
    expect(message).toContain(`'${type}', which Codex cannot offer`);
  });

  it.each(['required', { type: 'allowed_tools', mode: 'required', tools: [{ type: 'image_generation' }] }])(
    'are refused when only they could make the required call: %j',
    async (tool_choice) => {
      expect((await refusal(path, { ...body, tools: HOSTED, tool_choice })).param).toBe('tool_choice');
    },
  );

  it('are refused in strict mode', async () => {
    const headers = { 'x-codex-gateway-strict': '1' };
    const given = { ...body, tools: [tool, ...HOSTED] };
    expect((await refusal(path, given, headers)).param).toBe('tools[1].type');
  });
});

it('the log names the hosted tools that are left out over a WebSocket', async () => {
  gateway.upstream.use(say('Hello.'));
  const tools = [{ type: 'image_generation' }, FLAT] as never;
  const events = await connect(gateway.client).ask({ ...RESPONSE, tools });
  expect(events.at(-1)).toMatchObject({
    type: 'response.completed',
    response: { tools: [{ name: 'look' }] },
  });
  await expect.poll(() => gateway.log.lines.join('\n')).toContain('tools[].image_generation');
});

it('a count of tokens names hosted tools as ignored', async () => {
  const response = await post('/v1/responses/input_tokens', { ...RESPONSE, tools: HOSTED });
  expect(response.status).toBe(200);
  expect(response.headers.get('x-codex-gateway-ignored')).toBe(IGNORED);
});

it('tools among the items lose hosted ones, also in a later response', async () => {
  gateway.upstream.use(say('Hello.'));
  const item = { type: 'additional_tools', role: 'developer', tools: [...HOSTED, FLAT] };
  const input = [item, { role: 'user', content: 'hello' }];
  const first = await post('/v1/responses', { ...RESPONSE, input });
  expect(first.status).toBe(200);
  expect(first.headers.get('x-codex-gateway-ignored')).toContain('input[].tools[].image_generation');
  const { id } = (await first.json()) as { id: string };
  const second = await post('/v1/responses', { ...RESPONSE, previous_response_id: id });
  expect(second.status).toBe(200);
  for (const { body } of gateway.upstream.requests) {
    const sent = body.input.find(({ type }) => type === 'additional_tools');
    expect(sent).toMatchObject({ tools: [{ name: 'look' }] });
  }
});

describe('the field multi_agent', () => {
  const body = { ...RESPONSE, multi_agent: { enabled: true } };

  it.each([{ enabled: true }, { enabled: null }, {}, { max_agents: 5 }, { type: 'x' }])(
    'is refused unless it says that it is not enabled: %j',
    async (multi_agent) => {
      expect((await refusal('/v1/responses', { ...body, multi_agent })).param).toBe('multi_agent');
    },
  );

  it('is refused over a WebSocket', async () => {
    const events = await connect(gateway.client).ask(body);
    expect(events).toMatchObject([{ type: 'error', error: { param: 'multi_agent' } }]);
  });

  it.each([null, { enabled: false }])('is accepted when it requests nothing: %j', async (multi_agent) => {
    gateway.upstream.use(say('Hello.'));
    const response = await post('/v1/responses', { ...RESPONSE, multi_agent });
    expect(response.status).toBe(200);
    expect(response.headers.has('x-codex-gateway-ignored')).toBe(false);
  });

  it('has its unknown keys named as ignored, and refused in strict mode, when it is not enabled', async () => {
    const more = { ...body, multi_agent: { enabled: false, max_agents: 5 } };
    const strict = { 'x-codex-gateway-strict': '1' };
    expect((await refusal('/v1/responses', more, strict)).param).toBe('multi_agent.max_agents');
    gateway.upstream.use(say('Hello.'));
    const response = await post('/v1/responses', more);
    expect(response.status).toBe(200);
    expect(response.headers.get('x-codex-gateway-ignored')).toBe('multi_agent.max_agents');
  });
});

it('access_programs is refused whatever it holds, and null is accepted', async () => {
  for (const access_programs of [{}, { cyber: 'standard' }]) {
    const refused = await refusal('/v1/responses', { ...RESPONSE, access_programs });
    expect(refused.param).toBe('access_programs');
  }
  gateway.upstream.use(say('Hello.'));
  expect((await post('/v1/responses', { ...RESPONSE, access_programs: null })).status).toBe(200);
});

it.each(['input_text', 'output_text'])('a chat accepts a part of the type %s as text', async (type) => {
  gateway.upstream.use(say('Hello.'));
  const role = type === 'input_text' ? 'user' : 'assistant';
  const messages = [
    { role, content: [{ type, text: 'This one.' }] },
    { role: 'user', content: 'hello' },
  ];
  const response = await gateway.post({ ...CHAT, messages });
  expect(response.status).toBe(200);
  expect(JSON.stringify(gateway.upstream.requests[0]!.body.input)).toContain('This one.');
});

it.each([false, true])("a tool's schema may have null for a list of names (strict: %s)", async (strict) => {
  gateway.upstream.use(say('Hello.'));
  const parameters = { type: 'object', properties: {}, required: null, additionalProperties: false };
  const tools = [{ type: 'function', function: { name: 'look', parameters, strict } }];
  const response = await gateway.post({ ...CHAT, tools });
  expect(response.status).toBe(200);
  expect(JSON.stringify(gateway.upstream.requests[0]!.body.tools)).not.toContain('"required":null');
});
