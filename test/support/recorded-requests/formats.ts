import { functionTool } from '../ask-with-tools.ts';
import { inOrder } from '../upstream-answers.ts';
import { say, type Script } from '../upstream.ts';
import { chat, forEveryModel, respond, type ClientRequest, type RecordedCases } from './client-request.ts';

const STRICT = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Of the "person" ☕.' },
    age: { type: 'integer', minimum: 0, maximum: 1e20 },
  },
  required: ['name', 'age'],
  additionalProperties: false,
};
const OPTIONAL = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: 'integer', default: 3 },
    note: { type: ['string', 'null'] },
    kind: { enum: ['a', 'b'] },
    inner: { type: 'object', properties: { deep: { $ref: '#/$defs/deep' } } },
  },
  required: ['note', 'name'],
  $defs: { deep: { type: 'array', items: { anyOf: [{ type: 'number' }, { $ref: '#/$defs/deep' }] } } },
};
const OPEN = { type: 'object', additionalProperties: { type: 'integer' } };

/** Unusual schemas, most of them not acceptable to a provider unchanged, each with a matching answer. */
const ODD: readonly (readonly [schema: object, answer: string])[] = [
  [{}, '5'],
  [{ type: 'object' }, '{}'],
  [{ type: 'array', items: { type: 'string' } }, '["a"]'],
  [{ anyOf: [STRICT, { type: 'null' }] }, 'null'],
  [
    { type: 'object', properties: { 'größe "x"\\': { const: 1.5 } }, required: ['größe "x"\\'] },
    '{"größe \\"x\\"\\\\":1.5}',
  ],
  [{ type: 'object', properties: { a: true }, patternProperties: { '^b': { type: 'string' } } }, '{"a":1}'],
  [{ type: 'object', properties: { a: { allOf: [{ type: 'string' }, { minLength: 2 }] } } }, '{"a":"bc"}'],
  [{ title: 'T', $comment: 'c', ...STRICT, examples: [{}] }, '{"name":"Ann","age":3}'],
  [
    { ...STRICT, properties: { age: { type: 'integer' }, name: { type: 'string', format: 'email' } } },
    '{"age":3,"name":"a@example.com"}',
  ],
];

const format = (schema: object, further: object = {}) => ({
  response_format: { type: 'json_schema', json_schema: { name: 'answer', schema, ...further } },
});
const textFormat = (schema: object, further: object = {}) => ({
  text: { format: { type: 'json_schema', name: 'answer', schema, ...further } },
});
const ANN = '{"name":"Ann","age":3}';
const ANN_OPTIONAL = '{"name":"Ann","note":"x","age":null,"kind":null,"inner":null}';

/** The same for chat completions and for responses. */
const both = (schema: object, further: object, script: Script): ClientRequest[] => [
  chat({ ...format(schema, further) }, script),
  respond({ ...textFormat(schema, further) }, script),
];

export const FORMATS: RecordedCases = {
  ...forEveryModel('strict', (model) => [
    chat({ model, ...format(STRICT, { strict: true }) }, say(ANN)),
    chat({ model, stream: true, ...format(STRICT, { strict: true }) }, say(ANN)),
  ]),
  ...forEveryModel('made-strict', (model) => [chat({ model, ...format(OPTIONAL) }, say(ANN_OPTIONAL))]),
  ...forEveryModel('open', (model) => [chat({ model, ...format(OPEN) }, say('{"a":1}'))]),
  ...forEveryModel('json-object', (model) => [
    chat({ model, response_format: { type: 'json_object' } }, say('{"a":1}')),
  ]),
  'strict-without-the-word': [...both(STRICT, {}, say(ANN)), ...both(STRICT, { strict: false }, say(ANN))],
  described: both(STRICT, { strict: true, description: 'A person.', name: 'person' }, say(ANN)),
  odd: ODD.map(([schema, answer]) => chat({ ...format(schema) }, say(answer))),
  'odd-in-responses': ODD.map(([schema, answer]) =>
    respond({ model: 'gpt-6-sol', ...textFormat(schema) }, say(answer)),
  ),
  'json-object-in-responses': [respond({ text: { format: { type: 'json_object' } } }, say('{"a":1}'))],
  'repaired-answer': [
    chat({ ...format(OPEN) }, inOrder(say('{"a":"x"}'), say('{"a":1}'))),
    chat({ ...format(OPTIONAL), stream: true }, inOrder(say('I cannot "do" that ☕.'), say(ANN_OPTIONAL))),
    respond(
      { text: { format: { type: 'json_object' } }, model: 'gpt-6-sol' },
      inOrder(say('[1]'), say('{}')),
    ),
  ],
  'beside-tools': [
    chat({ ...format(STRICT), tools: [functionTool('look')] }, say(ANN)),
    chat({ model: 'gpt-6-sol', ...format(OPEN), tools: [functionTool('look')] }, say('{"a":1}')),
  ],
};
