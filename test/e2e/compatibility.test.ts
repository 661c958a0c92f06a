import { describe, expect, it } from 'vitest';
import { FURTHER_CHAT_FIELDS, CHAT_FIELDS } from '../../src/openai/chat/fields.ts';
import { ask, HELLO, WAYS } from '../support/ask.ts';
import { refuse, say } from '../support/upstream.ts';
import { useSharedGateway, useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
const strict = useTestGateway({ config: { compatibility: 'strict' } });

const STRICT = { 'x-codex-gateway-strict': '1' };

interface Case {
  /** Values that ask for nothing but what happens anyway. */
  readonly silent: readonly unknown[];
  /** Values that have no effect. */
  readonly ignored?: readonly unknown[];
  /** Values that are a 400. */
  readonly refused?: readonly unknown[];
  /** End of the strict refusal of the first value without effect, if it differs from the usual one. */
  readonly only?: string;
}

const only = (value: number) => `Only the default (${value}) value is supported.`;
const sampling = (neutral: number, other: number) => ({
  silent: [neutral, null],
  ignored: [other],
  only: only(neutral),
});
const TOOL = { name: 'f', parameters: { type: 'object', properties: {} } };
const TOOLS = [{ type: 'function', function: TOOL }];

/** Every field of a request, by what it does. */
const CASES: Readonly<Record<string, Case>> = {
  audio: { silent: [null], refused: [{ voice: 'alloy', format: 'wav' }] },
  frequency_penalty: sampling(0, 0.5),
  function_call: { silent: [null, 'auto', 'none'], refused: ['sometimes'] },
  functions: { silent: [null, [TOOL]], refused: ['f'] },
  logit_bias: { silent: [null, {}], refused: [{ 50256: -100 }] },
  logprobs: { silent: [null, false], refused: [true] },
  max_completion_tokens: { silent: [null], ignored: [100] },
  max_tokens: { silent: [null], ignored: [100] },
  messages: { silent: [HELLO], refused: [[], null, 'hello'] },
  metadata: { silent: [null, {}, { a: 'b' }], refused: ['a'] },
  modalities: { silent: [null, ['text']], refused: [['text', 'audio'], ['audio']] },
  model: { silent: ['gpt-5.5'], refused: ['', null, 5] },
  moderation: {
    silent: [null],
    ignored: [{ model: 'omni-moderation-latest' }],
    refused: [{ model: 'omni-moderation-latest', policy: 'block' }],
  },
  n: { silent: [null, 1, 2], refused: [0, 9, 1.5, '2'] },
  parallel_tool_calls: { silent: [null, true, false], refused: ['no'] },
  prediction: { silent: [null], ignored: [{ type: 'content', content: 'x' }] },
  presence_penalty: sampling(0, -1),
  prompt_cache_key: { silent: [null], ignored: ['x'] },
  prompt_cache_options: { silent: [null], ignored: [{ ttl: '1h' }] },
  prompt_cache_retention: { silent: [null], ignored: ['24h'] },
  reasoning_effort: { silent: [null, 'low', 'high'], refused: ['some'] },
  response_format: { silent: [null, { type: 'text' }], refused: ['json', { type: 'xml' }] },
  safety_identifier: { silent: [null, 'someone'], refused: [5] },
  seed: { silent: [null], ignored: [0, 42] },
  service_tier: { silent: [null, 'auto', 'default', 'priority'], refused: ['scale', 'cheap'] },
  stop: {
    silent: [null, [], 'stop', ['a', 'b']],
    refused: ['', [''], 5, Array(65).fill('a'), 'a'.repeat(1001)],
  },
  store: { silent: [null, false], ignored: [true] },
  stream: { silent: [null, false], refused: ['yes'] },
  stream_options: { silent: [null], refused: ['usage'] },
  temperature: sampling(1, 0.5),
  tool_choice: { silent: [null, 'auto', 'none'], refused: ['sometimes'] },
  tools: { silent: [null, [], TOOLS], refused: ['f', [{ type: 'function' }]] },
  top_logprobs: { silent: [null, 0], refused: [5] },
  top_p: sampling(1, 0.9),
  user: { silent: [null, 'someone'], refused: [5] },
  verbosity: { silent: [null, 'low', 'high'], refused: ['much'] },
  web_search_options: { silent: [null, {}], refused: ['yes', { search_context_size: 'much' }] },
  // Beside an effort, these two would be ignored.
  reasoning: { silent: [null, {}, null, { effort: 'low' }, { summary: 'auto' }], refused: ['low'] },
};

it('has a row in this test for every field', () => {
  expect(Object.keys(CASES).toSorted()).toEqual(
    Object.keys({ ...CHAT_FIELDS, ...FURTHER_CHAT_FIELDS }).toSorted(),
  );
});

/** Bodies that together have all values of each field; a notice or an error names the field that it is about. */
function together(
  valuesOf: (row: Case) => readonly unknown[],
): [text: string, body: Record<string, unknown>][] {
  const rows = Object.entries(CASES).map(([field, row]) => [field, valuesOf(row)] as const);
  const most = Math.max(...rows.map(([, values]) => values.length));
  return Array.from({ length: most }, (_, at) => {
    const body = Object.fromEntries(
      rows.filter(([, values]) => at < values.length).map(([field, values]) => [field, values[at]]),
    );
    return [JSON.stringify(body).slice(0, 60), body];
  });
}

it.each(together(({ silent }) => silent))('accepts %s silently, in strict mode too', async (_text, body) => {
  for (const headers of [{}, STRICT]) {
    const told = await ask(gateway, 'whole', body, headers);
    expect(told).toMatchObject({ status: 200, ignored: null, adjusted: null });
  }
});

it.each(together(({ ignored = [] }) => ignored))('ignores %s visibly', async (_text, body) => {
  for (const way of WAYS) {
    const { status, ignored } = await ask(gateway, way, body);
    expect(status).toBe(200);
    expect(ignored!.split(', ').toSorted()).toEqual(Object.keys(body).toSorted());
  }
});

describe.each(Object.entries(CASES))('%s', (field, { ignored = [], refused = [], only: ending }) => {
  const show = (values: readonly unknown[]) =>
    values.map((value) => [JSON.stringify(value).slice(0, 60), value] as const);

  it.each(show(ignored))('refuses %s in strict mode', async (_text, value) => {
    const told = await ask(gateway, 'whole', { [field]: value }, STRICT);
    expect(told).toMatchObject({ status: 400, ignored: null });
    expect(told.error).toEqual(
      ending === undefined
        ? {
            message: `Unsupported parameter: '${field}' is not supported with this model.`,
            type: 'invalid_request_error',
            param: field,
            code: 'unsupported_parameter',
          }
        : {
            message: `Unsupported value: '${field}' does not support ${String(value)} with this model. ${ending}`,
            type: 'invalid_request_error',
            param: field,
            code: 'unsupported_value',
          },
    );
  });

  it.each(show(refused))('refuses %s with a 400 that names it', async (_text, value) => {
    const told = await ask(gateway, 'whole', { [field]: value });
    expect(told.status).toBe(400);
    expect(told.error!.param).toMatch(new RegExp(`^${field}\\b`));
    expect(told.error!.message).toMatch(new RegExp(`'${field}\\b`));
  });
});

const UNKNOWN = {
  top_k: 5,
  'a b,ü': 1,
  reasoning: { effort: 'low', exclude: true },
  stream_options: { include_usage: true, extra: 1 },
  web_search_options: {
    extra: 1,
    user_location: { type: 'approximate', extra: 1, approximate: { city: 'Bern', planet: 'Earth' } },
  },
  response_format: { type: 'json_schema', extra: 1, json_schema: { name: 'a', extra: 1 } },
  tools: [
    { type: 'function', cache_control: {}, function: { ...TOOL, extra: 1 } },
    { type: 'function', name: 'flat', extra: 1 },
  ],
  messages: [
    { role: 'user', name: 'Ann', content: 'x', cache_control: { type: 'ephemeral' } },
    {
      role: 'user',
      name: 'Bob',
      content: [
        { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: 'y', cache_control: { type: 'ephemeral' } },
      ],
    },
    {
      role: 'assistant',
      tool_calls: [
        { id: 'a', type: 'function', index: 0, extra: 1, function: { name: 'f', arguments: '{}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'a', content: 'x', extra: 1 },
  ],
};

const UNKNOWN_PATHS = [
  'top_k',
  'a%20b%2C%C3%BC',
  'stream_options.extra',
  'reasoning.exclude',
  'web_search_options.extra',
  'web_search_options.user_location.extra',
  'web_search_options.user_location.approximate.planet',
  'response_format.extra',
  'response_format.json_schema.extra',
  'tools[].cache_control',
  'tools[].extra',
  'tools[].function.extra',
  'messages[].name',
  'messages[].cache_control',
  'messages[].content[].cache_control',
  'messages[].tool_calls[].extra',
  'messages[].extra',
];

it.each(WAYS)('names unknown keys at every level once each, %s', async (way) => {
  gateway.upstream.use(say('{}'));
  const { ignored } = await ask(gateway, way, UNKNOWN);
  const told = ignored!.split(', ');
  // `ask` puts its own options for streams in place of these.
  const expected = UNKNOWN_PATHS.filter((path) => way === 'whole' || !path.startsWith('stream_options'));
  expect(told.toSorted()).toEqual(expected.toSorted());
});

it.each([
  ['top_k', { top_k: 5 }],
  ['messages[0].cache_control', { messages: [{ role: 'user', content: 'x', cache_control: {} }] }],
  ['reasoning.exclude', { reasoning: { exclude: true } }],
])('refuses the unknown %s in strict mode', async (path, body) => {
  const told = await ask(gateway, 'streamed', body, STRICT);
  expect(told.status).toBe(400);
  expect(told.error).toMatchObject({
    message: `Unknown parameter: '${path}'.`,
    param: path,
    code: 'unknown_parameter',
  });
});

it('a header can make a lenient configuration strict, but not a strict one lenient', async () => {
  const body = { temperature: 0.5 };
  const statuses = [];
  for (const value of ['0', '1', 'false', '']) {
    const headers = { 'x-codex-gateway-strict': value };
    statuses.push((await ask(strict, 'whole', body, headers)).status);
    statuses.push((await ask(gateway, 'whole', body, headers)).status);
  }
  expect(statuses).toEqual([400, 200, 400, 400, 400, 200, 400, 200]);
  expect((await ask(strict, 'whole', { temperature: 1 })).status).toBe(200);
});

describe('the body of a Responses request', () => {
  const RESPONSES = { messages: undefined, input: 'hello' };

  it.each(['max_output_tokens', 'max_completion_tokens', 'max_tokens'])(
    'has its limit %s named as ignored',
    async (field) => {
      const { status, ignored } = await ask(gateway, 'whole', { ...RESPONSES, [field]: 100 });
      expect([status, ignored]).toEqual([200, field]);
    },
  );

  it.each(WAYS)('has its unknown keys named at every level, %s', async (way) => {
    const body = {
      messages: undefined,
      truncation: 'auto',
      text: { extra: 1, format: { type: 'text', extra: 1 } },
      input: [
        {
          role: 'user',
          name: 'Ann',
          content: [{ type: 'input_text', text: 'x', cache_control: { type: 'ephemeral' } }],
        },
      ],
    };
    const { status, ignored } = await ask(gateway, way, body);
    expect(status).toBe(200);
    expect(ignored!.split(', ').toSorted()).toEqual([
      'input[].content[].cache_control',
      'input[].name',
      'text.extra',
      'text.format.extra',
      'truncation',
    ]);
    expect(await ask(gateway, way, body, STRICT)).toMatchObject({ status: 400, ignored: null });
  });

  it('gets errors and adjustments in the words of that API', async () => {
    const format = { type: 'json_schema', name: 'a b', schema: {} };
    const refused = await ask(gateway, 'whole', { ...RESPONSES, text: { format } });
    expect(refused.error).toMatchObject({
      message: expect.stringContaining("Invalid 'text.format.name':") as string,
      param: 'text.format.name',
    });
    gateway.upstream.use(say('{}'));
    const told = await ask(gateway, 'whole', {
      ...RESPONSES,
      reasoning: { effort: 'minimal' },
      text: { format: { type: 'json_object' } },
    });
    expect(told.status).toBe(200);
    expect(told.adjusted!.split(', ').toSorted()).toEqual([
      'reasoning.effort=minimal->low',
      'text.format=json_object->instructed',
    ]);
  });
});

it.each([
  [
    'function_call',
    [
      { role: 'user', content: 'x' },
      { role: 'function', name: 'f', content: 'x' },
    ],
    1,
  ],
  ['function_call', [{ role: 'function', name: 'f', content: 'x' }], 0],
  [
    'function',
    [
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'user', content: 'x' },
    ],
    0,
  ],
])('names a missing %s by its message, not by an id', async (lacking, messages, index) => {
  const { status, error } = await ask(gateway, 'whole', { messages });
  expect([status, error!.param]).toEqual([400, `messages[${index}]`]);
  expect(error!.message).toContain(`'${lacking}'`);
  expect(error!.message).not.toContain('call_of');
});

it('metadata is returned in an answer that is not streamed', async () => {
  const response = await gateway.post({ model: 'gpt-5.5', messages: HELLO, metadata: { a: 'b' } });
  expect(await response.json()).toMatchObject({ metadata: { a: 'b' } });
});

it('a choice of a call works under its older and its newer name', async () => {
  gateway.upstream.use(say('{"call":{"name":"f","arguments":{}}}'));
  for (const [choice, from] of [
    [{ tool_choice: 'required' }, 'required'],
    [{ function_call: { name: 'f' } }, 'f'],
  ] as const) {
    for (const [offer, field] of [
      [{ tools: TOOLS }, 'tool_choice'],
      [{ functions: [TOOL] }, 'function_call'],
    ] as const) {
      const { status, adjusted } = await ask(gateway, 'whole', { ...offer, ...choice });
      expect([status, adjusted]).toEqual([200, `${field}=${from}->output_schema`]);
    }
  }
});

it('a body of thousands of unknown keys is answered with a short header', async () => {
  const many = Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`unknown_${index}`, index]));
  const { status, ignored } = await ask(gateway, 'whole', many);
  expect(status).toBe(200);
  expect(ignored!.length).toBeLessThanOrEqual(1024);
  expect(ignored).toMatch(/^unknown_0, unknown_1, .*, \.\.\.$/);
});

it('uses the first of two efforts in one request and names the other as ignored', async () => {
  const body = { reasoning_effort: 'high', reasoning: { effort: 'low', summary: 'detailed' } };
  expect(await ask(gateway, 'whole', body)).toMatchObject({
    status: 200,
    ignored: 'reasoning.summary, reasoning.effort',
  });
  expect(gateway.upstream.requests.at(-1)!.body.reasoning).toMatchObject({ effort: 'high', summary: 'auto' });
});

it('names the ignored fields on an error after the turn has begun', async () => {
  gateway.upstream.use(refuse(503, {}));
  const response = await gateway.post({ model: 'gpt-5.5', messages: HELLO, seed: 1 });
  expect([response.status, response.headers.get('x-codex-gateway-ignored')]).toEqual([503, 'seed']);
});
