import { expect, it } from 'vitest';
import { formatSchemaProblem } from '../../src/schema/schema-problem.ts';
import { findNotStrict } from '../../src/schema/strict-problem.ts';

const text = { type: 'string' };
const objectOf = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const nested = (levels: number): object => objectOf(levels === 1 ? {} : { a: nested(levels - 1) });
const textOf = (schema: object) => {
  const problem = findNotStrict({ ...schema });
  return problem && formatSchemaProblem(problem);
};

it.each([
  objectOf({}),
  objectOf(
    { a: { type: ['string', 'null'], enum: ['a', null] }, b: { anyOf: [text, { $ref: '#/$defs/c' }] } },
    { $defs: { c: text } },
  ),
  objectOf({ a: { $ref: '#' }, allOf: text, pattern: text }),
  objectOf({ a: { type: 'array', items: text, minItems: 1, maxItems: 3 } }),
  objectOf({
    a: { ...text, pattern: '^\\(?=a$', format: 'date-time', minLength: 1, title: 'A', default: 'a' },
  }),
  objectOf({ a: { ...text, pattern: '^[\\w-.]+@\\d{3}\\-x$' }, b: { ...text, pattern: '^\\p{Lu}$' } }),
  objectOf({ a: { const: 1 }, b: { type: 'number', minimum: 0, multipleOf: 0.5 } }, { $schema: 'x' }),
  nested(10),
])('accepts %j as strict', (schema) => {
  expect(textOf(schema)).toBeUndefined();
});

it.each([
  [text, `In context=(), schema must be a JSON Schema of 'type: "object"', got 'type: "string"'.`],
  [
    objectOf({}, { anyOf: [{}] }),
    "In context=(), schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
  ],
  [
    objectOf({ a: { type: 'object', properties: {} } }),
    "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
  ],
  [
    objectOf({ a: objectOf({}, { additionalProperties: true }) }),
    "In context=('properties', 'a'), 'additionalProperties' is required to be supplied and to be false.",
  ],
  [
    objectOf({ a: text, b: text }, { required: ['a'] }),
    "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.",
  ],
  [
    objectOf({ a: text }, { required: ['a', 'b'] }),
    `In context=(), 'required' has a key that is not in properties: "b".`,
  ],
  [objectOf({ a: { type: 'array' } }), "In context=('properties', 'a'), array schema missing items."],
  [objectOf({ a: {} }), "In context=('properties', 'a'), schema must have a 'type' key."],
  [objectOf({ a: true }), "In context=('properties', 'a'), schema must have a 'type' key."],
  [
    objectOf({ a: { $ref: '#', description: 'A' } }),
    "In context=('properties', 'a'), $ref cannot have keywords {'description'}.",
  ],
  [
    objectOf({ a: { ...text, format: 'uri' } }),
    `In context=('properties', 'a'), "uri" is not a valid format.`,
  ],
  [
    objectOf({ a: { ...text, pattern: '^(?!a)' } }),
    "In context=('properties', 'a'), 'pattern' must not look ahead or behind.",
  ],
  [
    objectOf({ a: { ...text, pattern: '(?P<y>a)' } }),
    "In context=('properties', 'a'), 'pattern' must be a regular expression.",
  ],
  [
    objectOf({}, { $defs: { b: { anyOf: [{ type: 'array', items: text, uniqueItems: true }] } } }),
    "In context=('$defs', 'b', 'anyOf', '0'), 'uniqueItems' is not permitted.",
  ],
  [nested(11), '11 levels of nesting exceeds limit of 10.'],
  [
    objectOf({ a: { enum: Array.from({ length: 1001 }, (_, index) => index) } }),
    'expected at most 1000 enum values in total',
  ],
])('reports why %j is not strict', (schema, expected) => {
  expect(textOf(schema)).toContain(expected);
});

it.each([
  'allOf',
  'oneOf',
  'not',
  'if',
  'dependentRequired',
  'patternProperties',
  'propertyNames',
  'contains',
  'prefixItems',
])('does not permit the keyword %s', (keyword) => {
  expect(textOf(objectOf({ a: { ...text, [keyword]: {} } }))).toBe(
    `In context=('properties', 'a'), '${keyword}' is not permitted.`,
  );
});
