import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/base/json.ts';
import { checkSchema } from '../../src/schema/check-schema.ts';
import { createCallSchema } from '../../src/schema/call-schema.ts';

const text = { type: 'string' };
const object = (properties: object, more: object = {}): JsonObject => ({
  type: 'object',
  properties,
  ...more,
});
const closed = (properties: object, more: object = {}): JsonObject =>
  object(properties, { required: Object.keys(properties), additionalProperties: false, ...more });
const callable = (name: string, parameters: JsonObject, description?: string) => ({
  name,
  description,
  parameters,
});
const call = (name: string, parameters: JsonObject) =>
  closed({ name: { type: 'string', enum: [name] }, arguments: parameters });

it('is the call of the one function', () => {
  const { schema, strict, restore } = createCallSchema([callable('look', object({ at: text }), 'Looks.')]);
  expect(schema).toEqual(
    closed({
      call: { description: 'Looks.', ...call('look', closed({ at: { type: ['string', 'null'] } })) },
    }),
  );
  expect(strict).toBe(true);
  expect(restore({ call: { name: 'look', arguments: { at: null } } })).toEqual({
    name: 'look',
    arguments: {},
  });
});

it('is the call of one of several, each with its definitions', () => {
  const own = { a: object({ self: { $ref: '#/$defs/a' } }) };
  const { schema, strict, restore } = createCallSchema([
    callable('first', object({ x: { $ref: '#/$defs/a' } }, { $defs: own, required: ['x'] })),
    callable(
      'second',
      object({ y: { $ref: '#/definitions/a' } }, { definitions: { a: text }, required: ['y'] }),
    ),
    callable('third', object({ whole: { $ref: '#' } })),
  ]);
  expect(checkSchema(schema, { root: 'object' })).toBeUndefined();
  expect(strict).toBe(true);
  expect(schema).toEqual(
    closed(
      {
        call: {
          anyOf: [
            call('first', closed({ x: { $ref: '#/$defs/first.a' } })),
            call('second', closed({ y: { $ref: '#/$defs/second.a' } })),
            call('third', { $ref: '#/$defs/third.root' }),
          ],
        },
      },
      {
        $defs: {
          'first.a': closed({ self: { anyOf: [{ $ref: '#/$defs/first.a' }, { type: 'null' }] } }),
          'second.a': text,
          'third.root': closed({ whole: { anyOf: [{ $ref: '#/$defs/third.root' }, { type: 'null' }] } }),
        },
      },
    ),
  );
  const nested = { call: { name: 'third', arguments: { whole: { whole: null } } } };
  expect(restore(nested)).toEqual({ name: 'third', arguments: { whole: {} } });
});

it('is for telling where a function takes what no strict schema can say', () => {
  const open = {
    type: 'object',
    $schema: 'x',
    properties: { any: { $ref: '#/$defs/any' } },
    $defs: { any: {} },
  };
  const { schema, strict, restore } = createCallSchema([
    callable('look', object({ at: text })),
    callable('put', open),
  ]);
  expect(strict).toBe(false);
  expect(schema).toEqual(
    closed(
      {
        call: {
          anyOf: [
            call('look', object({ at: text })),
            call('put', object({ any: { $ref: '#/$defs/put.any' } })),
          ],
        },
      },
      { $defs: { 'put.any': {} } },
    ),
  );
  const answer = { name: 'put', arguments: { any: null } };
  expect(restore({ call: answer })).toEqual(answer);
});

it.each([
  ['strict', object({ at: text })],
  ['told', { type: 'object' }],
])('names no place twice, however references lead into each other: %s', (_, extra) => {
  const levels = Array.from({ length: 10 }, (_, level) => `#/properties/a${'/properties/b'.repeat(level)}`);
  const nested = levels.reduce<JsonObject>((inner) => object({ b: inner }), object({ mark: text }));
  const references = levels.map(($ref, level) => [`r${level}`, { $ref }]);
  const { schema } = createCallSchema([
    callable('look', object({ a: nested, ...Object.fromEntries(references) })),
    callable('other', extra),
  ]);
  expect(JSON.stringify(schema).match(/"mark":/g)).toHaveLength(1);
  expect(checkSchema(schema, { root: 'object' })).toBeUndefined();
});

it('of tools with more schemas together than can be converted is for telling', () => {
  const wide = object({ a: { anyOf: Array.from({ length: 7000 }, () => text) } });
  const three = ['first', 'second', 'third'].map((name) => callable(name, wide));
  expect(createCallSchema(three.slice(0, 2)).strict).toBe(true);
  expect(createCallSchema(three).strict).toBe(false);
});

describe.each([
  ['strict', object({ at: text })],
  ['told', { type: 'object' }],
])('a %s schema', (_, parameters) => {
  const { restore } = createCallSchema([callable('look', parameters)]);

  it.each([
    [{ call: { name: 'other', arguments: {} } }],
    [{ call: { name: 'look', arguments: 'at' } }],
    [{ call: { name: 'look' } }],
    [{ call: { name: ['look'], arguments: {} } }],
    [{ call: null }],
    [{ name: 'look', arguments: {} }],
    [[]],
    [null],
    ['look'],
  ])('reads no call from %j', (value) => {
    expect(restore(value)).toBeUndefined();
  });
});
