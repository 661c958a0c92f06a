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

it('describes a call of the only function', () => {
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

it('describes a call of one of several functions and keeps their definitions apart', () => {
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

it('is not strict when a function has parameters that no strict schema can express', () => {
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
  ['loose', { type: 'object' }],
])('writes each schema once when references point into each other, next to a %s function', (_, extra) => {
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

it('is not strict when the tools together have more schemas than can be converted', () => {
  const wide = object({ a: { anyOf: Array.from({ length: 7000 }, () => text) } });
  const three = ['first', 'second', 'third'].map((name) => callable(name, wide));
  expect(createCallSchema(three.slice(0, 2)).strict).toBe(true);
  expect(createCallSchema(three).strict).toBe(false);
});

describe.each([
  ['strict', object({ at: text })],
  ['loose', { type: 'object' }],
])('restore with a %s schema', (_, parameters) => {
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
