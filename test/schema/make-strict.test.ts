import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { checkSchema } from '../../src/schema/check-schema.ts';
import { makeStrict } from '../../src/schema/make-strict.ts';
import { findNotStrict } from '../../src/schema/strict-problem.ts';
import { cpuTimeOf } from '../support/cpu-time.ts';

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const object = (properties: object, more: object = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
const closed = (properties: object, more: object = {}): JsonObject =>
  object(properties, { required: Object.keys(properties), additionalProperties: false, ...more });

/** Properties that do not tell one object from another. */
const OTHER_TAGS = Object.fromEntries(Array.from({ length: 45 }, (_, index) => [`t${index}`, { const: 0 }]));

/** The strict form of an object whose property `a`, which it needs, has the schema. */
const strictOf = (schema: unknown, more: object = {}) => {
  const given = object({ a: schema }, { required: ['a'], ...more });
  expect(checkSchema(given)).toBeUndefined();
  return makeStrict(given);
};
const restore = (schema: JsonObject, value: unknown) => makeStrict(schema)?.restore(value);

describe('makeStrict', () => {
  it('returns a schema that is already strict unchanged', () => {
    const schema = closed(
      { a: { ...text, default: 'b' } },
      { $schema: 'https://json-schema.org/draft/2020-12/schema' },
    );
    const strict = makeStrict(schema);
    expect(strict).toMatchObject({ schema, changed: false });
    expect(strict?.restore({ a: null })).toEqual({ a: null });
  });

  it.each([
    ['a string', text, textOrNull],
    ['an enum', { ...text, enum: ['b'] }, { type: ['string', 'null'], enum: ['b', null] }],
    [
      'an enum without a type',
      { enum: ['b', 1] },
      { anyOf: [{ type: ['string', 'integer'], enum: ['b', 1] }, { type: 'null' }] },
    ],
    ['a const', { const: 'b' }, { anyOf: [{ type: 'string', const: 'b' }, { type: 'null' }] }],
    [
      'several types',
      { type: ['string', 'number'] },
      { anyOf: [{ type: ['string', 'number'] }, { type: 'null' }] },
    ],
    [
      'a union',
      { anyOf: [text, { type: 'integer' }] },
      { anyOf: [text, { type: 'integer' }, { type: 'null' }] },
    ],
    ['an object', object({ b: text }), { anyOf: [closed({ b: textOrNull }), { type: 'null' }] }],
    [
      'an array',
      { type: 'array', items: text },
      { anyOf: [{ type: 'array', items: text }, { type: 'null' }] },
    ],
    ['a type that already allows null', textOrNull, textOrNull],
  ])('allows null in place of %s that is optional', (_, property, expected) => {
    expect(makeStrict(object({ a: property }))).toMatchObject({
      schema: closed({ a: expected }),
      changed: true,
    });
  });

  it.each([
    [
      'keeps the description, moves annotations into it and drops unknown keywords',
      { ...text, description: 'b', default: 'c', examples: ['d'], 'x-own': 1 },
      { ...text, description: 'b (default: "c", examples: ["d"])' },
    ],
    [
      'moves an unknown format into the description',
      { ...text, format: 'uri', description: 'b.' },
      { ...text, description: 'b. (format: "uri")' },
    ],
    ['merges an allOf with one branch', { allOf: [text], description: 'b' }, { ...text, description: 'b' }],
    [
      'turns a oneOf of different types into an anyOf',
      { oneOf: [text, { type: 'null' }] },
      { anyOf: [text, { type: 'null' }] },
    ],
    [
      'turns a oneOf with a constant tag into an anyOf',
      { oneOf: ['b', 'c'].map((tag) => object({ tag: { const: tag } }, { required: ['tag'] })) },
      { anyOf: ['b', 'c'].map((tag) => closed({ tag: { type: 'string', const: tag } })) },
    ],
  ])('%s', (_, property, expected) => {
    expect(strictOf(property)?.schema).toEqual(closed({ a: expected }));
  });

  it('keeps only used definitions under their names and leaves no keyword beside a $ref', () => {
    const strict = strictOf(
      { $ref: '#/definitions/b', description: 'c' },
      { definitions: { b: object({ d: { $ref: '#/properties/a' } }), unused: {} } },
    );
    expect(strict?.schema).toEqual(
      closed(
        { a: { $ref: '#/$defs/a' } },
        {
          $defs: {
            b: closed({ d: { anyOf: [{ $ref: '#/$defs/a' }, { type: 'null' }] } }),
            a: { description: 'c', anyOf: [{ $ref: '#/$defs/b' }] },
          },
        },
      ),
    );
  });

  it('replaces a root $ref by the object it refers to', () => {
    const node = object({ next: { $ref: '#/$defs/node' } });
    const strictNode = closed({ next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } });
    expect(makeStrict({ $ref: '#/$defs/node', $defs: { node } })?.schema).toEqual({
      ...strictNode,
      $defs: { node: strictNode },
    });
  });

  it('gives definitions with colliding names distinct names', () => {
    const schema = object(
      { a: { $ref: '#/$defs/x' }, b: { $ref: '#/definitions/x' }, c: { $ref: '#/$defs/x y' } },
      {
        $defs: { x: text, 'x y': { type: 'null' } },
        definitions: { x: { type: 'integer' } },
        required: ['a', 'b', 'c'],
      },
    );
    expect(makeStrict(schema)?.schema).toMatchObject({
      $defs: { x: text, x_2: { type: 'integer' }, x_y: { type: 'null' } },
    });
  });

  it('writes each schema once when references point into each other', () => {
    const levels = Array.from({ length: 8 }, (_, level) => `#/properties/a${'/properties/b'.repeat(level)}`);
    const nested = levels.reduce<JsonObject>((inner) => object({ b: inner }), object({ mark: text }));
    const references = levels.map(($ref, level) => [`r${level}`, { $ref }]);
    const form = makeStrict(object({ a: nested, ...Object.fromEntries(references) }))!;
    expect(JSON.stringify(form.schema).match(/"mark":/g)).toHaveLength(1);
    expect(findNotStrict(form.schema)).toBeUndefined();
    const answer = { a: { b: null }, ...Object.fromEntries(references.map(([name]) => [name, null])) };
    expect(form.restore(answer)).toEqual({ a: {} });
    expect(form.restore({ ...answer, r0: { b: { b: null } } })).toEqual({ a: {}, r0: { b: {} } });
  });

  it('gives thousands of definitions with the same name a name each', () => {
    const count = 3000;
    const places = Array.from({ length: count }, (_, index) => [`p${index}`, { anyOf: [{ ...text }] }]);
    const references = Array.from({ length: count }, (_, index) => ({ $ref: `#/$defs/p${index}/anyOf/0` }));
    const given = object(
      { a: { anyOf: references } },
      { $defs: Object.fromEntries(places), required: ['a'] },
    );
    const definitions = makeStrict(given)?.schema.$defs as JsonObject;
    expect(Object.keys(definitions)).toHaveLength(count);
    expect(definitions).toMatchObject({ 0: text, [`0_${count}`]: text });
  });

  it('returns undefined for a definition that allows anything', () => {
    const schema = object({ a: { $ref: '#/$defs/b' } }, { $defs: { b: true }, required: ['a'] });
    expect(makeStrict(schema)).toBeUndefined();
  });

  it.each([
    ['scalars', (value: number) => ({ enum: Array.from({ length: 10 }, (_, at) => value * 10 + at) })],
    ['tags', (value: number) => closed({ ...OTHER_TAGS, kind: { const: value } })],
  ])('converts a hundred unions of the same hundred %s in three seconds of processor time', (_, make) => {
    const definitions = Array.from({ length: 95 }, (_, index) => [`d${index}`, make(index)]);
    const oneOf = definitions.map(([name]) => ({ $ref: `#/$defs/${name as string}` }));
    const unions = Array.from({ length: 100 }, (_, index) => [`p${index}`, { oneOf }]);
    const schema = object(Object.fromEntries(unions), { $defs: Object.fromEntries(definitions) });
    const time = cpuTimeOf(() => {
      expect(makeStrict(schema)?.changed).toBe(true);
    });
    expect(time).toBeLessThan(3000);
  });

  it.each([
    {},
    true,
    { type: 'object' },
    object({ b: text }, { additionalProperties: true }),
    object({}, { additionalProperties: text }),
    object({}, { patternProperties: { b: text } }),
    object({}, { required: ['b'] }),
    object({ b: {} }),
    { type: 'array' },
    { type: 'array', prefixItems: [text], items: text },
    { not: text },
    { if: text, else: text },
    { allOf: [text, { minLength: 1 }] },
    { ...text, allOf: [{ minLength: 1 }] },
    { oneOf: [text, { ...text, minLength: 1 }] },
    { oneOf: [{ type: 'integer' }, { type: 'number' }] },
    { oneOf: [object({ b: text }), object({ c: text })] },
    { ...text, anyOf: [{ minLength: 1 }] },
    { $ref: '#', minProperties: 1 },
    { $ref: '#', required: ['b'] },
    { ...text, pattern: '(?=b)' },
    { ...text, pattern: '(?P<b>c)' },
    { const: { b: 1 } },
    { enum: [['b']] },
  ])('returns undefined for a schema with no strict form: %j', (schema) => {
    expect(strictOf(schema)).toBeUndefined();
  });
});

describe('restoring an answer', () => {
  it('removes only the nulls that stand for omitted properties', () => {
    const schema = object({ a: text, b: textOrNull, c: text, d: { type: 'null' } }, { required: ['c', 'd'] });
    expect(restore(schema, { a: null, b: null, c: 'c', d: null })).toEqual({ b: null, c: 'c', d: null });
    expect(restore(schema, { a: 'a', b: 'b', c: 'c', d: null })).toEqual({ a: 'a', b: 'b', c: 'c', d: null });
  });

  it('follows arrays, definitions and recursive references', () => {
    const schema = object(
      { name: text, parent: { $ref: '#' }, children: { type: 'array', items: { $ref: '#/$defs/child' } } },
      { $defs: { child: object({ toy: text, child: { $ref: '#/$defs/child' } }) } },
    );
    const answer = {
      name: null,
      parent: { name: 'b', parent: null, children: null },
      children: [{ toy: null, child: { toy: null, child: null } }],
    };
    expect(restore(schema, answer)).toEqual({ parent: { name: 'b' }, children: [{ child: {} }] });
  });

  it('uses the branch of a union that the value matches', () => {
    const shapes = [
      object({ kind: { const: 'b' }, size: textOrNull }, { required: ['kind'] }),
      object({ kind: { const: 'c' }, size: text }, { required: ['kind'] }),
      object({ kind: { const: 'c' }, length: text }, { required: ['kind'] }),
    ];
    const schema = object({ list: { type: 'array', items: { anyOf: shapes } } });
    const list = [
      { kind: 'b', size: null },
      { kind: 'c', size: null },
      { kind: 'c', length: null },
    ];
    expect(restore(schema, { list })).toEqual({
      list: [{ kind: 'b', size: null }, { kind: 'c' }, { kind: 'c' }],
    });
  });

  it('leaves a value that does not match unchanged and accepts missing properties', () => {
    const schema = object({ a: text, b: text, c: text }, { required: ['c'] });
    expect(restore(schema, { a: null, c: 'c' })).toEqual({ c: 'c' });
    expect(restore(schema, { a: null, b: 5, c: 'c' })).toEqual({ a: null, b: 5, c: 'c' });
    expect(restore(schema, 'no object')).toBe('no object');
  });

  it('returns the same object when nothing has to be removed', () => {
    const schema = object({ a: { type: 'array', items: object({ b: text }) }, c: textOrNull });
    const answer = { a: [{ b: 'b' }, { b: 'c' }], c: null };
    expect(restore(schema, answer)).toBe(answer);
  });

  it('keeps properties called __proto__ and constructor', () => {
    const schema = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"string"}}}',
    ) as JsonObject;
    const answer = (value: string | null) =>
      JSON.parse(`{"__proto__":"a","constructor":${JSON.stringify(value)}}`) as JsonObject;
    expect(JSON.stringify(restore(schema, answer('b')))).toBe('{"__proto__":"a","constructor":"b"}');
    expect(JSON.stringify(restore(schema, answer(null)))).toBe('{"__proto__":"a"}');
  });

  it('terminates for nested unions and for an answer ten thousand levels deep', () => {
    const branch = { anyOf: Array.from({ length: 3 }, () => ({ $ref: '#' })) };
    const schema = object({ a: branch, b: { const: 'b' } }, { required: ['b'] });
    const nest = (depth: number, end: object): object =>
      depth === 0 ? end : { a: nest(depth - 1, end), b: 'b' };
    const wrong = nest(40, { a: null, b: 'c' });
    expect(restore(schema, wrong)).toBe(wrong);
    expect(restore(schema, nest(40, { a: null, b: 'b' }))).toEqual(nest(40, { b: 'b' }));
    const endless = JSON.parse('{"a":'.repeat(10_000) + 'null' + '}'.repeat(10_000)) as JsonObject;
    expect(restore(schema, endless)).toBe(endless);
  });
});

it('makes a schema written by pydantic strict and restores its answer', () => {
  const schema: JsonObject = {
    $defs: {
      Color: { enum: ['red', 'green'], title: 'Color', type: 'string' },
      Cat: object({
        kind: { const: 'cat', default: 'cat', type: 'string' },
        lives: { default: 9, type: 'integer' },
      }),
      Dog: object({ kind: { const: 'dog', type: 'string' } }, { required: ['kind'] }),
    },
    properties: {
      name: { anyOf: [text, { type: 'null' }], default: null, title: 'Name' },
      color: { $ref: '#/$defs/Color', default: 'red' },
      pets: {
        items: { anyOf: [{ $ref: '#/$defs/Cat' }, { $ref: '#/$defs/Dog' }] },
        type: 'array',
        title: 'Pets',
      },
    },
    required: ['pets'],
    title: 'Owner',
    type: 'object',
  };
  const strict = makeStrict(schema);
  expect(strict && findNotStrict(strict.schema)).toBeUndefined();
  const pets = [{ kind: null, lives: 3 }, { kind: 'dog' }];
  expect(strict?.restore({ name: null, color: null, pets })).toEqual({
    name: null,
    pets: [{ lives: 3 }, { kind: 'dog' }],
  });
});
