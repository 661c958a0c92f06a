import { describe, expect, it } from 'vitest';
import { hoistDefinitions } from '../../src/schema/hoist.ts';

const text = { type: 'string' };

describe('hoistDefinitions', () => {
  it('moves every referenced schema into the definitions', () => {
    const { schema, definitions } = hoistDefinitions({
      type: 'object',
      properties: { a: text, b: { $ref: '#/properties/a' }, c: { $ref: '#/$defs/deep/items' } },
      $defs: { deep: { type: 'array', items: { type: 'number' } } },
    });
    expect(schema).toEqual({
      type: 'object',
      properties: { a: { $ref: '#/$defs/a' }, b: { $ref: '#/$defs/a' }, c: { $ref: '#/$defs/items' } },
    });
    expect(Object.fromEntries(definitions)).toEqual({ a: text, items: { type: 'number' } });
  });

  it('keeps a root without a prefix in its place', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } } };
    expect(hoistDefinitions(tree)).toEqual({ schema: tree, definitions: new Map() });
  });

  it('makes a root with a prefix a definition, so that it can become part of another schema', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } } };
    const { schema, definitions } = hoistDefinitions(tree, 'add.');
    expect(schema).toEqual({ $ref: '#/$defs/add.root' });
    expect(Object.fromEntries(definitions)).toEqual({
      'add.root': { type: 'object', properties: { child: { $ref: '#/$defs/add.root' } } },
    });
  });

  it('gives different schemas of the same name different definitions', () => {
    const { definitions } = hoistDefinitions({
      anyOf: [{ $ref: '#/$defs/a/$defs/x' }, { $ref: '#/$defs/b/$defs/x' }],
      $defs: { a: { $defs: { x: text } }, b: { $defs: { x: { type: 'number' } } } },
    });
    expect(Object.fromEntries(definitions)).toEqual({ x: text, x_2: { type: 'number' } });
  });

  it('replaces characters that providers refuse in names of definitions', () => {
    const { schema } = hoistDefinitions({ $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': text } });
    expect(schema).toEqual({ $ref: '#/$defs/a_b_c' });
  });
});
