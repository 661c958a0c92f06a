import { functionTool } from '../ask-with-tools.ts';
import { inOrder } from '../upstream-answers.ts';
import { call, callInRounds, onlyFirst } from '../upstream-tools.ts';
import { say } from '../upstream.ts';
import { CALLS, CITY_SCHEMA, QUESTION, TOOL } from '../weather.ts';
import { chat, forEveryModel, HELLO, PNG_URL, type RecordedCases } from './client-request.ts';

const WEATHER = { type: 'function', function: { ...TOOL, parameters: CITY_SCHEMA } };
const STRICT = { type: 'function', function: { ...TOOL, parameters: CITY_SCHEMA, strict: true } };
const LOOK = functionTool('look', {
  type: 'object',
  properties: { place: { type: 'string' }, zoom: { type: 'integer' } },
  required: ['place'],
});
/** An open map, which no strict schema can express. */
const SET = functionTool('set', { type: 'object', additionalProperties: { type: 'integer' } });
const custom = (name: string, further: object = {}) => ({ type: 'custom', custom: { name, ...further } });
const grammar = (syntax: string, definition: string) => ({
  format: { type: 'grammar', grammar: { syntax, definition } },
});

/** Keywords that Codex keeps, renames, completes or drops. */
const PARAMETERS = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Everything',
  description: 'All of it.',
  type: 'object',
  properties: {
    text: { type: 'string', minLength: 3, maxLength: 9, pattern: '^[a-z"\\\\]+$', description: 'Some text.' },
    count: { type: 'integer', minimum: 0, exclusiveMaximum: 1e20, multipleOf: 0.5, default: 1 },
    choice: { enum: ['a', 1, null, true] },
    fixed: { const: 'x' },
    both: { const: 'x', enum: ['x', 'y'] },
    maybe: { type: ['string', 'null'], format: 'date-time', examples: ['now'] },
    list: { type: 'array', items: { type: 'number' }, minItems: 1, maxItems: 3, uniqueItems: true },
    pair: { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], items: false },
    bare: { type: 'array' },
    open: { type: 'object' },
    map: { type: 'object', additionalProperties: { type: 'integer', maximum: 5 } },
    any: true,
    never: false,
    either: { anyOf: [{ type: 'string', minLength: 1 }, { $ref: '#/$defs/node' }] },
    one: { oneOf: [{ type: 'integer' }, { type: 'null' }] },
    all: { allOf: [{ type: 'object', properties: { a: { type: 'string' } } }] },
    not: { not: { type: 'string' } },
    'größe "x"': { type: 'number' },
    $ref: { type: 'string' },
    nested: {
      type: 'object',
      properties: { inner: { type: 'object', properties: { leaf: { type: 'string', nullable: true } } } },
      required: ['inner'],
      additionalProperties: false,
      dependentRequired: { inner: ['other'] },
      if: { required: ['inner'] },
      else: true,
    },
  },
  required: ['text', 'count'],
  additionalProperties: false,
  patternProperties: { '^x-': { type: 'string' } },
  $defs: {
    node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } }, description: 'A node.' },
    unused: { type: 'string' },
  },
};

/** More than Codex carries as a schema. */
const LARGE = {
  type: 'object',
  properties: Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [
      `field_${index}`,
      { type: 'string', description: `Text number ${index}, of which there are many.`, minLength: index },
    ]),
  ),
};

const ODD_TOOLS = [
  functionTool('no_parameters'),
  {
    type: 'function',
    function: { name: 'null_parameters', parameters: null, description: null, strict: null },
  },
  { type: 'function', function: { name: 'empty_schema', parameters: {}, description: '' } },
  {
    type: 'function',
    function: { name: 'described', description: 'Says "hi" – ☕\n\n- twice', parameters: LARGE },
  },
  functionTool('everything', PARAMETERS),
  functionTool('definitions', {
    type: 'object',
    properties: { a: { $ref: '#/definitions/a' } },
    definitions: { a: { type: 'string', enum: ['b'] } },
  }),
];

const NAMES = [
  'apply_patch',
  'web_search',
  'exec_command',
  'shell_command',
  'mcp',
  '_mcp',
  'mcp__files__read',
];
const LONG_NAMES = [`mcp__${'a'.repeat(59)}`, 'b'.repeat(64), '__proto__', '-'];

const made = (id: string, name: string, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const madeCustom = (id: string, name: string, input: string) => ({
  id,
  type: 'custom',
  custom: { name, input },
});
const calls = (...tool_calls: object[]) => ({ role: 'assistant', content: null, tool_calls });
const result = (tool_call_id: string, content: unknown) => ({ role: 'tool', tool_call_id, content });
const text = (value: string) => ({ type: 'text', text: value });

const HISTORY = [
  ...HELLO,
  {
    ...calls(made('call_a', 'look', '{"place": "here",\n "zoom":1.0}'), made('call_b', 'set', '')),
    content: 'I look.',
  },
  result('call_b', 'set'),
  result('call_a', [text('I see '), text('nothing.')]),
  calls(made('call_c', 'gone', 'no JSON "at" all'), madeCustom('call_d', 'draw', 'a "line"\n{}')),
  result('call_c', ''),
  result('call_d', [text('')]),
  { role: 'user', content: 'Again.' },
];
const WITH_IMAGE = [
  ...HELLO,
  calls(made('call_a', 'look', '{}')),
  result('call_a', [text('See:'), { type: 'image_url', image_url: { url: PNG_URL } }]),
];

const LONG = 'call_'.padEnd(100, 'x');
const LABELS = [`${LONG}a`, `${LONG}b`, '', 'with blank', 'call_\ud800', 'call_\ud801', 'ü'];
const RELABELLED = LABELS.flatMap((id, index) => [
  calls(made(id, ['my tool', 'a.b/c', 'n'.repeat(100), 'ok'][index % 4]!, '{}')),
  result(id, `result ${index}`),
]);
const REPEATED = [1, 2].flatMap((turn) => [
  calls(made('same', 'look', `{"turn":${turn}}`)),
  result('same', `${turn}`),
]);

const UUID = '01a2291b-23b8-7ac1-a804-0e3d70f79619';
const HEX = 'e16a6aa4fb634ecea10b71158602efe1';

export const CHAT_TOOLS: RecordedCases = {
  ...forEveryModel('functions', (model) => [chat({ model, tools: [WEATHER, LOOK] })]),
  'strict-function': [
    chat({ tools: [STRICT, LOOK] }),
    chat({ model: 'gpt-6-sol', tools: [STRICT], stream: true }),
  ],
  ...forEveryModel('odd-functions', (model) => [chat({ model, tools: ODD_TOOLS })]),
  'odd-names': [
    chat({ tools: [...NAMES, ...LONG_NAMES].map((name) => functionTool(name)) }),
    chat({ model: 'gpt-6-sol', tools: NAMES.toReversed().map((name) => functionTool(name)) }),
  ],
  'earlier-calls-of-odd-names': [
    chat({
      messages: [
        ...HELLO,
        calls(made('a', 'mcp', '{}'), made('b', 'exec_command', '{}')),
        result('a', '1'),
        result('b', '2'),
      ],
      tools: [functionTool('mcp'), functionTool('_mcp')],
    }),
  ],
  ...forEveryModel('custom-tools', (model) => [
    chat({
      model,
      tools: [
        custom('draw'),
        custom('write', { description: 'Writes.', format: { type: 'text' } }),
        custom('parse', {
          description: 'Parses.',
          ...grammar('lark', 'start: "a" | WORD\n%import common.WORD'),
        }),
        custom('match', grammar('regex', '^\\d+"x"$')),
        LOOK,
      ],
    }),
  ]),
  'tool-choice': [
    ...['auto', 'none'].map((tool_choice) => chat({ tools: [LOOK, SET], tool_choice })),
    chat(
      { tools: [LOOK, SET], tool_choice: { type: 'function', function: { name: 'look' } } },
      onlyFirst(call({ name: 'look', arguments: { place: 'x' } })),
    ),
  ],
  'allowed-tools': ['auto', 'required'].map((mode) =>
    chat(
      {
        tools: [LOOK, SET, custom('draw')],
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { mode, tools: [{ type: 'function', function: { name: 'look' } }, custom('draw')] },
        },
      },
      mode === 'auto' ? undefined : onlyFirst(call({ name: 'look', arguments: { place: 'x' } })),
    ),
  ),
  ...forEveryModel('required-call', (model) => [
    chat(
      { model, tools: [LOOK, custom('draw')], tool_choice: 'required' },
      inOrder(
        say('I would rather talk.'),
        say('{"call":{"name":"look","arguments":{"place":"x","zoom":null}}}'),
      ),
    ),
  ]),
  'required-call-in-words': [
    chat(
      { tools: [SET], tool_choice: 'required', stream: true },
      inOrder(say('No.'), say('{"call":5}'), say('{"call":{"name":"set","arguments":{"a":1}}}')),
    ),
  ],
  'functions-of-old': [
    chat({
      messages: [
        ...HELLO,
        { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{"place":"x"}' } },
        { role: 'function', name: 'look', content: 'nothing' },
      ],
      functions: [WEATHER.function, { name: 'look', description: 'Looks.' }],
      function_call: 'auto',
    }),
    chat({ functions: [WEATHER.function], function_call: 'none' }),
  ],
  ...forEveryModel('results', (model) => [
    chat({ model, messages: HISTORY, tools: [LOOK, SET, custom('draw')] }),
  ]),
  'results-without-tools': [chat({ messages: HISTORY })],
  'result-with-image': [
    chat({ messages: WITH_IMAGE, tools: [LOOK] }),
    chat({ model: 'gpt-6-sol', messages: WITH_IMAGE, stream: true }),
  ],
  'odd-call-labels': [chat({ messages: [...HELLO, ...RELABELLED, ...REPEATED], tools: [LOOK] })],
  'labels-that-look-random': [
    chat({
      messages: [
        ...HELLO,
        calls(made(UUID, 'look', '{}'), made(`call_${HEX}`, 'look', `{"place":"${UUID}"}`)),
        result(`call_${HEX}`, HEX),
        result(UUID, UUID),
      ],
    }),
  ],
  'web-search': [
    chat({ web_search_options: {} }),
    chat({
      model: 'gpt-6-sol',
      web_search_options: {
        search_context_size: 'low',
        user_location: {
          type: 'approximate',
          approximate: { city: 'Zürich', country: 'CH', region: 'ZH', timezone: 'Europe/Zurich' },
        },
      },
      tools: [functionTool('web_search')],
    }),
  ],
  'hosted-tools-left-out': [
    chat({
      tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }, { type: 'mcp', server_label: 'x' }, LOOK],
    }),
  ],
  ...forEveryModel('loop', (model) => {
    const script = callInRounds([CALLS], 'Warm.');
    const messages = [{ role: 'user', content: QUESTION }];
    const asked = { model, tools: [WEATHER], parallel_tool_calls: true };
    const first = CALLS.map(({ name, arguments: args }, index) =>
      made(`call_${index + 1}`, name, JSON.stringify(args)),
    );
    const answered = [...messages, calls(...first), result('call_2', '25'), result('call_1', '20')];
    return [
      chat({ ...asked, messages }, script),
      chat({ ...asked, messages: answered, stream: true }, script),
    ];
  }),
};
