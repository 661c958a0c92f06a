import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { fillSchema } from '../../src/demo/fill-schema.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const NODE = object({
  value: { type: 'number' },
  next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
});

/** Schemas as clients send them, and values that some of them must become. */
const SCHEMAS: [what: string, schema: JsonObject, value?: unknown][] = [
  [
    'strings named by their keys',
    object({ firstName: { type: 'string' } }),
    { firstName: 'sample first name' },
  ],
  ['an enum', object({ kind: { enum: ['a', 'b'] } }), { kind: 'a' }],
  ['a constant', object({ kind: { const: 5 } }), { kind: 5 }],
  ['null', object({ nothing: { type: 'null' } }), { nothing: null }],
  ['a type or null', object({ size: { type: ['null', 'integer'] } }), { size: 1 }],
  ['a schema or null', object({ size: { anyOf: [{ type: 'boolean' }, { type: 'null' }] } }), { size: true }],
  ['an integer between bounds', object({ a: { type: 'integer', minimum: 18, maximum: 20 } }), { a: 18 }],
  ['an integer below zero', object({ a: { type: 'integer', exclusiveMaximum: -3 } }), { a: -4 }],
  ['an integer above an open bound', object({ a: { type: 'integer', exclusiveMinimum: 7.5 } }), { a: 8 }],
  [
    'a number between zero and one',
    object({ a: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 } }),
    { a: 0.5 },
  ],
  ['a number far from zero', object({ a: { type: 'number', minimum: 1e6 } })],
  ['a negative number', object({ a: { type: 'number', maximum: -2.5 } })],
  ['a multiple of five', object({ a: { type: 'integer', multipleOf: 5, minimum: 11 } }), { a: 15 }],
  ['a multiple of a quarter', object({ a: { type: 'number', multipleOf: 0.25, minimum: 0.3 } })],
  ['a long string', object({ a: { type: 'string', minLength: 100 } })],
  ['a short string', object({ a: { type: 'string', maxLength: 2 } }), { a: 'sa' }],
  ['an empty string', object({ a: { type: 'string', maxLength: 0 } }), { a: '' }],
  ['a string with a pattern', object({ a: { type: 'string', pattern: '^[A-Z]{3}$' } }), { a: 'AAA' }],
  ['a string of digits', object({ a: { type: 'string', pattern: String.raw`^\d{5}$` } })],
  ['a list of at least three', object({ tags: { type: 'array', items: { type: 'string' }, minItems: 3 } })],
  [
    'a list of unique items',
    object({ tags: { type: 'array', items: { type: 'string' }, minItems: 2, uniqueItems: true } }),
    { tags: ['sample tag', 'sample tag 2'] },
  ],
  [
    'an empty list',
    object({ tags: { type: 'array', items: { type: 'string' }, maxItems: 0 } }),
    { tags: [] },
  ],
  [
    'a tuple',
    object({ at: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'string' }], items: false } }),
  ],
  [
    'a list of lists',
    object({ rows: { type: 'array', items: { type: 'array', items: { type: 'number' } } } }),
  ],
  ['optional properties', { type: 'object', properties: { a: { type: 'string' } } }, { a: 'sample a' }],
  [
    'a map of integers',
    { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 2 },
    { key1: 2, key2: 3 },
  ],
  ['a required property without a schema', { type: 'object', required: ['a'] }, { a: 'sample a' }],
  [
    'an allOf',
    {
      allOf: [{ type: 'object', properties: { a: { type: 'string' } } }, { $ref: '#/$defs/more' }],
      $defs: { more: { type: 'object', properties: { b: { type: 'integer' } }, required: ['b'] } },
    },
    { a: 'sample a', b: 1 },
  ],
  ['a oneOf', { oneOf: [{ type: 'integer', minimum: 3 }, { type: 'string' }] }, 3],
  ['an empty schema', {}, 'sample text'],
  ['a linked list', { ...object({ head: { $ref: '#/$defs/node' } }), $defs: { node: NODE } }],
  ['a tree', object({ name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } })],
  [
    'two mutually recursive definitions',
    {
      ...object({ a: { $ref: '#/$defs/a' } }),
      $defs: {
        a: object({ b: { $ref: '#/$defs/b' } }),
        b: { type: 'object', properties: { a: { $ref: '#/$defs/a' } } },
      },
    },
    { a: { b: {} } },
  ],
  [
    'a recursive branch and one that ends',
    { anyOf: [object({ a: { $ref: '#' } }), { type: 'string' }] },
    'sample text',
  ],
  [
    'a definition used twice',
    { ...object({ a: { $ref: '#/$defs/t' }, b: { $ref: '#/$defs/t' } }), $defs: { t: { type: 'string' } } },
  ],
];

describe('fillSchema', () => {
  it.each(SCHEMAS)('builds a valid value for %s', (_what, schema, ...value) => {
    const filled = fillSchema(schema);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    expect([ajv.validate(schema, filled), ajv.errors]).toEqual([true, null]);
    if (value.length > 0) expect(filled).toEqual(value[0]);
  });

  it.each([
    ['date-time', /^\d{4}-\d\d-\d\dT[\d:]+Z$/],
    ['date', /^\d{4}-\d\d-\d\d$/],
    ['email', /^\S+@\S+$/],
    ['uuid', /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/],
    ['uri', /^https:\/\//],
    ['ipv4', /^[\d.]+$/],
  ])('writes a string with the format %s', (format, form) => {
    expect(fillSchema({ type: 'string', format, pattern: '^something special$' })).toMatch(form);
  });

  it('follows constraints that the description states in place of keywords', () => {
    const told = (type: string, description: string) => ({ type, description });
    const schema = object({
      age: told('integer', 'The age. (minimum: 18, maximum: 20)'),
      code: told('string', '(minLength: 2, pattern: "^\\\\d+$")'),
    });
    expect(fillSchema(schema)).toEqual({ age: 18, code: '11' });
  });
});

describe('filling a schema that has no finite value', () => {
  it.each([
    ['a schema that requires itself', { type: 'object', properties: { a: { $ref: '#' } }, required: ['a'] }],
    ['a schema that no value satisfies', { type: 'object', properties: { a: false }, required: ['a'] }],
    ['an unresolved reference', { $ref: '#/$defs/lost' }],
    ['a billion items', { type: 'array', items: { type: 'string' }, minItems: 1e9 }],
    ['a billion keys', { type: 'object', minProperties: 1e9 }],
  ])('returns an empty object for %s', (_what, schema) => {
    expect(fillSchema(schema)).toEqual({});
  });

  it('returns an empty object for a schema that grows exponentially', () => {
    const names = Array.from({ length: 40 }, (_, index) => `d${index}`);
    const $defs = Object.fromEntries(
      names.map((name, index) => {
        const next = { $ref: `#/$defs/d${index + 1}` };
        return [name, index === 39 ? { type: 'string' } : object({ a: next, b: next })];
      }),
    );
    expect(fillSchema({ $ref: '#/$defs/d0', $defs })).toEqual({});
  });

  it.each(['(a|a)*b', '^(a+)+$', '^(x*)*y$'])('survives the hostile pattern %s', (pattern) => {
    expect(typeof fillSchema({ type: 'string', pattern, minLength: 10 })).toBe('string');
  });
});
