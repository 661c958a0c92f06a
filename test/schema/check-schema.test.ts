import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../src/app/worker/compile-schema.ts';
import type { JsonObject } from '../../src/base/json.ts';
import { checkSchema } from '../../src/schema/check-schema.ts';
import { withoutNulls } from '../../src/schema/without-nulls.ts';
import { formatSchemaProblem } from '../../src/schema/schema-problem.ts';
import { cpuTimeOf } from '../support/cpu-time.ts';
import { runCount } from '../support/run-count.ts';

const text = { type: 'string' };
const textOf = (schema: unknown) => {
  const problem = checkSchema(schema);
  return problem && formatSchemaProblem(problem);
};
const nested = (depth: number): unknown => (depth === 0 ? {} : { items: nested(depth - 1) });
const repeat = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

describe('checkSchema with a valid schema', () => {
  it.each<object>([
    {},
    { type: 'object', properties: { a: text, b: { $ref: '#/properties/a' } }, required: ['a'] },
    { $defs: { 'a/b c~': text }, properties: { x: { $ref: '#/$defs/a~1b%20c~0' } } },
    {
      definitions: { node: { properties: { next: { $ref: '#/definitions/node' } } } },
      $ref: '#/definitions/node',
    },
    { properties: { self: { $ref: '#' }, properties: { type: 'array', items: { $ref: '#' } } } },
    { type: ['object', 'null'], additionalProperties: { anyOf: [text, true] }, 'x-own': { type: 1 } },
    { properties: { $ref: text, $id: text, $dynamicRef: text, ['__proto__']: text, constructor: text } },
    { enum: [null, { $ref: '#/nowhere' }], default: { type: 'no type' }, const: { $ref: 5 } },
    { minimum: -(2 ** 53), maximum: 2 ** 63, multipleOf: 1e21, const: 0.5 },
    { additionalProperties: false, properties: { a: true, b: { $ref: '#/additionalProperties' } } },
    { properties: { a: true, b: { $ref: '#/properties/a' } }, items: { $ref: '#/properties/b' } },
    { properties: { '': { anyOf: [text] }, b: { $ref: '#/properties//anyOf/0' } } },
    { pattern: '^[\\w-\\.]+@([\\w-]+\\.)+[\\w-]{2,4}$', items: { pattern: '(?i)^abc$' } },
    { patternProperties: { '^\\d{3}\\-\\d{2}$': text, '^(?P<y>\\d+)$': text } },
    { dependencies: { a: ['b'], c: { required: ['a'] } }, items: true },
  ])('accepts %j', (schema) => {
    expect(textOf(schema)).toBeUndefined();
  });
});

describe('checkSchema with an invalid schema', () => {
  it.each([
    [true, 'In context=(), schema must be an object.'],
    [[], 'In context=(), schema must be an object.'],
    [{ properties: { a: 5 } }, "In context=('properties', 'a'), schema must be an object or a boolean."],
    [{ items: [text] }, "In context=('items',), schema must be an object or a boolean."],
    [{ not: [text] }, "In context=('not',), schema must be an object or a boolean."],
    [{ anyOf: [{ type: 'text' }] }, "In context=('anyOf', '0'), 'type' must be one of"],
    [{ type: [] }, "In context=(), 'type' must be one of"],
    [{ properties: [] }, "In context=(), 'properties' must be an object of schemas."],
    [{ required: 'a' }, "In context=(), 'required' must be an array of different strings."],
    [{ required: ['a', 'a'] }, "In context=(), 'required' must be an array of different strings."],
    [{ enum: [] }, "In context=(), 'enum' must be a non-empty array."],
    [{ anyOf: [] }, "In context=(), 'anyOf' must be a non-empty array of schemas."],
    [{ pattern: 5 }, "In context=(), 'pattern' must be a string."],
    [{ patternProperties: [text] }, "In context=(), 'patternProperties' must be an object of schemas."],
    [{ minLength: -1 }, "In context=(), 'minLength' must be a non-negative integer."],
    [{ multipleOf: 0 }, "In context=(), 'multipleOf' must be a number above 0."],
    [{ minimum: '1' }, "In context=(), 'minimum' must be a number."],
    [
      { $ref: 'https://example.com/a.json' },
      "$ref must be a pointer within the schema, such as '#/$defs/name'.",
    ],
    [{ $defs: { a: { $anchor: 'a' } }, $ref: '#a' }, '$ref must be a pointer within the schema'],
    [{ $ref: '#/%' }, '$ref must be a pointer within the schema'],
    [{ $ref: '#/$defs/a' }, 'In context=(), $ref leads to nothing in the schema.'],
    [
      { enum: [text], items: { $ref: '#/enum/0' } },
      "In context=('items',), $ref leads to nothing in the schema.",
    ],
    [{ properties: {}, items: { $ref: '#/properties/constructor' } }, '$ref leads to nothing in the schema.'],
    [{ uniqueItems: true, items: { $ref: '#/uniqueItems' } }, '$ref leads to nothing in the schema.'],
    [{ anyOf: [text], items: { $ref: '#/anyOf/length' } }, '$ref leads to nothing in the schema.'],
    [{ anyOf: [text], items: { $ref: '#/anyOf' } }, '$ref leads to nothing in the schema.'],
    [
      { dependencies: { a: ['b'] }, items: { $ref: '#/dependencies/a' } },
      '$ref leads to nothing in the schema.',
    ],
    [{ $dynamicRef: '#a' }, "In context=(), '$dynamicRef' is not supported."],
    [{ properties: { a: { $id: 'https://example.com/' } } }, "'$id' is not supported inside of a schema."],
    [{ $ref: '#' }, 'In context=(), $ref leads back to itself, or through too many others.'],
    [{ $defs: { a: { anyOf: [text, { $ref: '#/$defs/a' }] } } }, '$ref leads back to itself'],
  ])('refuses %j', (schema, expected) => {
    expect(textOf(schema)).toContain(expected);
  });

  it.each([
    ['too many levels of nesting', nested(33), '33 levels of nesting exceeds limit of 32.'],
    [
      'too many object properties',
      { properties: Object.fromEntries(repeat(5001, (index) => [index, {}])) },
      '5000 object properties',
    ],
    [
      'too many enum values',
      { anyOf: repeat(11, () => ({ enum: repeat(1000, Number) })) },
      '10000 enum values',
    ],
    ['too many subschemas', { anyOf: repeat(20_001, () => true).map(() => ({})) }, '20000 subschemas'],
    [
      'too many characters of text',
      { properties: { ['a'.repeat(250_000)]: { const: 'b'.repeat(250_001) } } },
      '500000 characters',
    ],
  ])('refuses %s', (_, schema, expected) => {
    expect(textOf(schema)).toContain(expected);
  });

  it('refuses a chain of references that branches exponentially', () => {
    const links = repeat(5000, (index) => [
      `a${index}`,
      { anyOf: repeat(2, () => ({ $ref: `#/$defs/a${index + 1}` })) },
    ]);
    const schema = { $defs: { ...Object.fromEntries(links), a5000: text }, $ref: '#/$defs/a0' };
    expect(textOf(schema)).toContain('$ref leads back to itself, or through too many others.');
  });
});

it('checks 15,000 schemas below a very long property name in five seconds of processor time', () => {
  const branches = repeat(15_000, () => ({ minimum: 1 }));
  const time = cpuTimeOf(() => {
    expect(textOf({ properties: { ['a'.repeat(200_000)]: { anyOf: branches } } })).toBeUndefined();
  });
  expect(time).toBeLessThan(5000);
});

describe('checkSchema with an object required at the root', () => {
  it.each([
    [{ type: 'object' }, undefined],
    [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { type: 'object' } } }, undefined],
    [{ type: 'array' }, `schema must be a JSON Schema of 'type: "object"', got 'type: "array"'.`],
    [{}, `schema must be a JSON Schema of 'type: "object"', got 'type: "None"'.`],
  ])('checks whether %j describes an object', (schema, why) => {
    expect(checkSchema(schema, { root: 'object' })?.reason).toBe(why);
    expect(checkSchema(schema)).toBeUndefined();
  });
});

const OTHERS =
  'type enum const required pattern format minLength maxItems minimum multipleOf uniqueItems minContains ' +
  'dependentRequired title default examples readOnly $ref';

/** Schemas as a careless caller writes them: known keywords, values of any kind. */
const { careless } = fc.letrec<{ careless: unknown }>((tie) => {
  const value = fc.constantFrom<unknown>(
    'string',
    '(',
    1,
    -1,
    0.5,
    true,
    null,
    ['a'],
    ['a', 'a'],
    [],
    {},
    '#',
    '#/items',
  );
  const schemas = fc.array(tie('careless'), { maxLength: 2 });
  const byName = fc.dictionary(fc.constantFrom('a', '(', 'type'), tie('careless'), { maxKeys: 2 });
  const one = fc.constantFrom('items', 'not', 'if', 'additionalProperties', 'contains', 'propertyNames');
  const map = fc.constantFrom('properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas');
  const list = fc.constantFrom('anyOf', 'allOf', 'oneOf', 'prefixItems');
  const other = fc.constantFrom(...OTHERS.split(' '));
  const entry = fc.oneof(
    { depthSize: 'small' },
    fc.tuple(other, value),
    fc.tuple(one, tie('careless')),
    fc.tuple(map, byName),
    fc.tuple(list, schemas),
  );
  return {
    careless: fc.oneof(
      { weight: 1, arbitrary: value },
      {
        weight: 6,
        arbitrary: fc.array(entry, { maxLength: 3 }).map((entries) => Object.fromEntries(entries) as object),
      },
    ),
  };
});

it('every accepted schema can be compiled and checked against a value', () => {
  fc.assert(
    fc.property(careless, (schema) => {
      fc.pre(checkSchema(schema) === undefined);
      expect(() => compileSchema(withoutNulls(schema as JsonObject))({ a: ['a'] })).not.toThrow();
    }),
    runCount(40),
  );
});

it('treats null keywords as absent and keeps values that are null', () => {
  const schema = {
    type: 'object',
    required: null,
    description: null,
    properties: {
      required: { type: 'string', enum: null, default: null },
      b: { const: null, items: { minItems: null } },
    },
    anyOf: null,
  };
  expect(checkSchema(schema)).toBeUndefined();
  expect(withoutNulls(schema)).toEqual({
    type: 'object',
    properties: { required: { type: 'string', default: null }, b: { const: null, items: {} } },
  });
});

it('returns a schema without null keywords unchanged', () => {
  const schema = { type: 'object', properties: { a: { default: null } } };
  expect(withoutNulls(schema)).toBe(schema);
});

it('accepts an unresolved local $ref, but not a remote one, when lost references are allowed', () => {
  const schema = { type: 'object', properties: { a: { $ref: '#/definitions/a' } } };
  expect(checkSchema(schema, { root: 'object', lostReferences: 'allowed' })).toBeUndefined();
  const remote = { type: 'object', properties: { a: { $ref: 'https://a.example/' } } };
  expect(checkSchema(remote, { lostReferences: 'allowed' })).toMatchObject({ path: ['properties', 'a'] });
});
