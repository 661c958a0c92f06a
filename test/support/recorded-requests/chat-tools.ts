import { functionTool } from '../ask-with-tools.ts';
import { inOrder } from '../upstream-answers.ts';
import { call, onlyFirst } from '../upstream-tools.ts';
import { say } from '../upstream.ts';
import { CITY_SCHEMA, TOOL } from '../weather.ts';
import { chat, forEveryModel, respond, type RecordedCases } from './client-request.ts';

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

/** Numbers as a client may write them. */
const NUMBERS = String.raw`[1.0, 1e2, -0, 0.1e-7, 12345678901234567890, 1e400, 9007199254740993, 5E+20, 1.50]`;
const WITH_NUMBERS = `{"type": "object", "properties": {"a": {"enum": ${NUMBERS}, "default": 1.0, "maximum": 5E+20}}}`;

/** Tools that chat completions offer, and the choice of them. */
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
  'odd-numbers': [
    chat(
      `{"model": "gpt-5.5", "messages": [{"role": "user", "content": "hello"}],
        "tools": [{"type": "function", "function": {"name": "look", "parameters": ${WITH_NUMBERS}}}]}`,
    ),
    respond(
      `{"model": "gpt-6-sol", "input": [{"role": "user", "content": "hello"}],
        "tools": [{"type": "function", "name": "mcp__look", "parameters": ${WITH_NUMBERS}}],
        "text": {"format": {"type": "json_schema", "name": "x", "schema": ${WITH_NUMBERS}}}}`,
      say('{"a":1}'),
    ),
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
};
