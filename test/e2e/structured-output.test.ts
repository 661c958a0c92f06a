import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, WAYS } from '../support/ask.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { inOrder, refuseInWords, sayByHand, sayInPhases, sayUntil } from '../support/upstream-answers.ts';
import { call, formatOf } from '../support/upstream-tools.ts';
import { say, type UpstreamRequest } from '../support/upstream.ts';

let gateway: TestGateway;
beforeAll(async () => {
  // A sign of life would end the chance of a 400 while a busy machine is still compiling a schema.
  gateway = await startTestGateway({ config: { keepAlive: { firstSpace: 3_600 } } });
});
afterAll(() => gateway.close());

const STRICT = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Of the person.' },
    age: { type: 'integer', minimum: 0 },
  },
  required: ['name', 'age'],
  additionalProperties: false,
};
const OPTIONAL = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' }, note: { type: ['string', 'null'] } },
  required: ['name', 'note'],
};
const OPEN = { type: 'object', additionalProperties: { type: 'integer' } };

const format = (schema: object | undefined, more: object = {}) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, ...more } },
});
const OPTIONAL_ONLY = { ...STRICT, required: [] };
const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };
const JSON_OBJECT = { response_format: { type: 'json_object' } };

/** Developer messages of a request, which nobody but the gateway wrote. */
const instructionsOf = ({ body }: UpstreamRequest) =>
  body.input.filter(({ role }) => role === 'developer').map(({ content }) => content![0]!.text);

/** The requests that a deed makes of the provider. */
async function requestsOf(deed: () => Promise<unknown>): Promise<UpstreamRequest[]> {
  const before = gateway.upstream.requests.length;
  await deed();
  return gateway.upstream.requests.slice(before);
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('a schema for the answer of %s', (model) => {
  it.each(WAYS)('is sent to the provider unchanged when it is strict, %s', async (way) => {
    gateway.upstream.use(say('{"name":', ' "Ann","age":3}'));
    const [request] = await requestsOf(async () => {
      const told = await ask(gateway, way, { model, ...format(STRICT, { strict: true }) });
      expect(told).toMatchObject({ status: 200, adjusted: null, ignored: null });
      expect(told.said).toMatchObject([{ content: '{"name": "Ann","age":3}', finish: 'stop' }]);
    });
    expect(formatOf(request!)).toMatchObject({ type: 'json_schema', strict: true, schema: STRICT });
    expect(instructionsOf(request!)).toEqual([]);
  });

  it.each(WAYS)('is sent to the provider when it is strict without being marked so, %s', async (way) => {
    gateway.upstream.use(say('{"name":"Ann","age":3}'));
    const [request] = await requestsOf(() => ask(gateway, way, { model, ...format(STRICT) }));
    expect(formatOf(request!)).toMatchObject({ strict: true, schema: STRICT });
  });

  it.each(WAYS)(
    'is made strict when it has optional properties, and their nulls are removed, %s',
    async (way) => {
      gateway.upstream.use(say('{"name":"Ann","age":', 'null,"note":null}'));
      const [request, ...others] = await requestsOf(async () => {
        const told = await ask(gateway, way, { model, ...format(OPTIONAL) });
        expect(told).toMatchObject({ status: 200, adjusted: null });
        expect(told.said).toMatchObject([{ content: '{"name":"Ann","note":null}', finish: 'stop' }]);
      });
      expect(formatOf(request!)).toMatchObject({
        strict: true,
        schema: { required: ['name', 'age', 'note'], additionalProperties: false },
      });
      expect(others).toEqual([]);
    },
  );

  it.each(WAYS)(
    'is described in words at the end of the conversation when it cannot be strict, %s',
    async (way) => {
      gateway.upstream.use(say('```json\n{"a": 1}\n', '```'));
      const [request] = await requestsOf(async () => {
        const told = await ask(gateway, way, { model, ...format(OPEN) });
        expect(told).toMatchObject({ status: 200, adjusted: 'response_format=json_schema->instructed' });
        expect(told.said).toMatchObject([{ content: '{"a": 1}', finish: 'stop' }]);
      });
      expect(formatOf(request!)).toBeUndefined();
      expect(request!.body.input.at(-1)).toMatchObject({ role: 'developer' });
      expect(instructionsOf(request!)).toEqual([expect.stringContaining(JSON.stringify(OPEN))]);
    },
  );

  it.each(WAYS)('is described in words for json_object, %s', async (way) => {
    gateway.upstream.use(say('```json\n{"a": [1, 2]}\n```'));
    const [request] = await requestsOf(async () => {
      const told = await ask(gateway, way, { model, ...JSON_OBJECT });
      expect(told.adjusted).toBe('response_format=json_object->instructed');
      expect(told.said).toMatchObject([{ content: '{"a": [1, 2]}', finish: 'stop' }]);
    });
    expect(formatOf(request!)).toBeUndefined();
    expect(instructionsOf(request!)).toEqual([expect.stringContaining('one JSON object')]);
  });
});

it('a strict answer streams as it comes', async () => {
  const { script, say, end } = sayByHand();
  gateway.upstream.use(script);
  say('{"name":"Ann"');
  const stream = await gateway.client.chat.completions.create({
    model: 'gpt-5.5',
    messages: [{ role: 'user', content: 'x' }],
    stream: true,
    response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: STRICT, strict: true } },
  });
  const chunks = stream[Symbol.asyncIterator]();
  const nextText = async (): Promise<string> => (await chunks.next()).value?.choices[0]?.delta.content ?? '';
  expect(await nextText()).toBe('');
  expect(await nextText()).toBe('{"name":"Ann"');
  say(',"age":3}');
  expect(await nextText()).toBe(',"age":3}');
  end();
  while ((await chunks.next()).done !== true);
});

it('a repaired answer has a notice and the usage of both requests', async () => {
  const cases = [
    [OPEN, '{"a":"x"}', /'a' must be integer/],
    [OPEN, 'I cannot.', /it is not valid JSON/],
    [OPTIONAL, '{"name":"Ann"}', /required property 'note'/],
  ] as const;
  for (const way of WAYS) {
    for (const [schema, wrong, problem] of cases) {
      const right = schema === OPEN ? '{"a":1}' : '{"name":"Ann","note":"x"}';
      gateway.upstream.use(inOrder(say(wrong), say(right)));
      const [, second, ...others] = await requestsOf(async () => {
        const told = await ask(gateway, way, format(schema));
        expect(told.said).toMatchObject([{ content: right, finish: 'stop' }]);
        expect(told.adjusted).toContain('response_format=answer->repaired');
        expect(told.usage).toMatchObject({ prompt_tokens: 22, completion_tokens: 14, total_tokens: 36 });
      });
      expect(others).toEqual([]);
      const [answer, repair] = second!.body.input.slice(-2);
      expect(answer).toMatchObject({ role: 'assistant', content: [{ text: wrong }] });
      expect(repair).toMatchObject({
        role: 'developer',
        content: [{ text: expect.stringMatching(problem) }],
      });
    }
  }
});

it.each(WAYS)('an answer that is wrong twice gets a 502 that says what is wrong, %s', async (way) => {
  for (const [text, wanted, problem] of [
    ['{"a":"x"}', format(OPEN), /in the second, .*'a' must be integer\.$/],
    ['Sorry.', format(OPEN), /: the second is not valid JSON\.$/],
    [
      '[1]',
      JSON_OBJECT,
      /^The model twice gave an answer that is not the JSON asked for: the second is not a JSON object\.$/,
    ],
  ] as const) {
    gateway.upstream.use(say(text));
    const requests = await requestsOf(async () => {
      const told = await ask(gateway, way, wanted);
      expect(told.status).toBe(502);
      expect(told.error).toMatchObject({ code: 'invalid_answer', message: expect.stringMatching(problem) });
    });
    expect(requests).toHaveLength(2);
  }
});

describe('an answer that was cut, filtered or refused', () => {
  it.each(WAYS)('is passed on unchanged, %s', async (way) => {
    const formats = [format(OPEN), format(OPTIONAL), JSON_OBJECT, format(STRICT, { strict: true })];
    const cases = [
      [sayUntil('max_output_tokens', '{"a":'), {}, '{"a":', 'length'],
      [sayUntil('content_filter', '{"a":'), {}, '{"a":', 'content_filter'],
      [refuseInWords('No.'), {}, '', 'content_filter'],
      [say('{"name":"Ann"'), { stop: ':' }, '{"name"', 'stop'],
    ] as const;
    for (const [at, wanted] of formats.entries()) {
      // Each format meets each end in one of the ways.
      const ends = cases.filter((_, index) => (at + index + WAYS.indexOf(way)) % 2 === 0);
      for (const [script, more, content, finish] of ends) {
        gateway.upstream.use(script);
        const requests = await requestsOf(async () => {
          const told = await ask(gateway, way, { ...wanted, ...more });
          expect(told.said).toMatchObject([{ content, finish }]);
        });
        expect(requests).toHaveLength(1);
      }
    }
  });
});

describe('a schema beside tools', () => {
  const TOOLS = {
    tools: [
      {
        type: 'function',
        function: { name: 'look', parameters: { type: 'object', properties: { at: { type: 'string' } } } },
      },
    ],
  };

  it.each(WAYS)('is not enforced while the model calls tools, %s', async (way) => {
    for (const wanted of [format(OPEN), format(OPTIONAL), JSON_OBJECT, format(STRICT)]) {
      gateway.upstream.use(call({ name: 'look', arguments: { at: 'me' } }));
      const told = await ask(gateway, way, { ...TOOLS, ...wanted });
      expect(told.said).toMatchObject([
        { content: '', finish: 'tool_calls', calls: [{ name: 'look', arguments: '{"at":"me"}' }] },
      ]);
    }
  });

  it.each(WAYS)('is enforced on the answer after the calls, %s', async (way) => {
    gateway.upstream.use(inOrder(say('none'), say('{"a":1}')));
    const told = await ask(gateway, way, { ...TOOLS, ...format(OPEN) });
    expect(told.said).toMatchObject([{ content: '{"a":1}', finish: 'stop', calls: [] }]);
  });
});

it.each(WAYS)('each of several answers is checked against the schema by itself, %s', async (way) => {
  gateway.upstream.use(inOrder(say('{"a":1}'), say('nothing'), say('{"a":1}')));
  const told = await ask(gateway, way, { ...format(OPEN), n: 2 });
  expect(told.said.map(({ content }) => content)).toEqual(['{"a":1}', '{"a":1}']);
  expect(told.usage).toMatchObject({ total_tokens: 54 });
});

it('accepts a text format, and refuses a json_schema format without a schema', async () => {
  gateway.upstream.use(say('{"a":1}'));
  for (const response_format of [null, { type: 'text' }]) {
    expect(await ask(gateway, 'whole', { response_format })).toMatchObject({ status: 200, adjusted: null });
  }
  const told = await ask(gateway, 'whole', format(undefined));
  expect(told.adjusted).toBe('response_format=json_object->instructed');
});

describe('an unusable format', () => {
  const nested = (levels: number): object =>
    levels === 0 ? { type: 'string' } : { type: 'array', items: nested(levels - 1) };
  const many = Object.fromEntries(Array.from({ length: 5001 }, (_, index) => [`p${index}`, {}]));
  const AT = 'response_format.json_schema.schema';

  it.each([
    ['a type that does not exist', format({ type: 'text' }), AT],
    ['one below', format({ type: 'object', properties: { a: { type: 'text' } } }), `${AT}.properties.a`],
    ['a remote $ref', format({ properties: { a: { $ref: 'https://x.example/a' } } }), `${AT}.properties.a`],
    ['a $ref to nothing', format({ $ref: '#/$defs/a' }), AT],
    ['a circle', format({ $ref: '#' }), AT],
    ['too many levels', format(nested(40)), new RegExp(`^${AT}.items`)],
    ['too many properties', format({ type: 'object', properties: many }), AT],
    ['an open object as strict', format({ type: 'object', properties: {} }, { strict: true }), AT],
    [
      'optional properties as strict',
      format({ ...OPTIONAL, additionalProperties: false }, { strict: true }),
      AT,
    ],
    ['no object as strict', format({ type: 'array', items: STRICT }, { strict: true }), AT],
    ['a schema that is none', format([] as object), AT],
    [
      'no name',
      { response_format: { type: 'json_schema', json_schema: { schema: STRICT } } },
      'response_format.json_schema.name',
    ],
    ['a name with spaces', format(STRICT, { name: 'a b' }), 'response_format.json_schema.name'],
    ['no json_schema', { response_format: { type: 'json_schema' } }, 'response_format.json_schema'],
    ['an unknown type', { response_format: { type: 'xml' } }, 'response_format.type'],
    ['no object', { response_format: 'json' }, 'response_format'],
  ])('is refused with a 400 that names the place: %s', async (_name, body, place) => {
    const requests = await requestsOf(async () => {
      const told = await ask(gateway, 'whole', body);
      expect(told.status).toBe(400);
      expect(told.error!.param).toEqual(typeof place === 'string' ? place : expect.stringMatching(place));
    });
    expect(requests).toEqual([]);
  });
});

it('numbers of more than 64 bits are sent upstream in the schema', async () => {
  const numbers = {
    a: { maximum: 2 ** 64 },
    b: { enum: [-(2 ** 70), 1] },
    c: { minimum: -(2 ** 63) },
    d: { maximum: 1e22 },
  };
  const schema = {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(numbers).map(([name, more]) => [name, { type: 'number', ...more }]),
    ),
    required: Object.keys(numbers),
    additionalProperties: false,
  };
  gateway.upstream.use(say('{"a":1,"b":1,"c":1,"d":1}'));
  const [request] = await requestsOf(async () => {
    expect(await ask(gateway, 'whole', format(schema))).toMatchObject({ status: 200, adjusted: null });
  });
  expect(formatOf(request!)?.schema).toEqual(schema);
});

describe('a provider that does not enforce a strict schema', () => {
  it.each(['No JSON.', '{"name":5}'])('gets a 502 or an error frame: %s', async (text) => {
    gateway.upstream.use(say(text));
    const whole = await gateway.post({ ...CHAT, ...format(STRICT, { strict: true }) });
    expect(whole.status).toBe(502);
    expect(await whole.json()).toMatchObject({ error: { code: 'invalid_answer' } });
    // Asking again by itself would only cost more.
    expect(whole.headers.get('x-should-retry')).toBe('false');
    const response = await gateway.post({ ...CHAT, ...format(STRICT, { strict: true }), stream: true });
    const frames = await response.text();
    expect(frames).toContain('does not follow the requested schema');
    expect(frames).not.toContain('[DONE]');
  });
});

it.each(WAYS)('commentary of a model counts as reasoning when the answer is JSON, %s', async (way) => {
  const json = '{"name":"Ada","age":5}';
  gateway.upstream.use(sayInPhases(['commentary', 'I look.'], ['final_answer', json]));
  for (const body of [format(STRICT, { strict: true }), format(OPTIONAL_ONLY), JSON_OBJECT]) {
    const { said } = await ask(gateway, way, body);
    expect(said[0]).toMatchObject({ content: json, reasoning: 'I look.' });
  }
  const plain = await ask(gateway, way, {});
  expect(plain.said[0]).toMatchObject({ content: `I look.${json}`, reasoning: '' });
});
