import { describe, expect, it } from 'vitest';
import { createAreDisjoint } from '../../src/schema/disjoint.ts';

const areDisjoint = createAreDisjoint((schema) => schema);
const tagged = (...kinds: unknown[]) => ({
  type: 'object',
  properties: { kind: { enum: kinds } },
  required: ['kind'],
});

describe('createAreDisjoint', () => {
  it.each([
    ['different types', [{ type: 'string' }, { type: ['number', 'null'] }]],
    ['different values', [{ enum: ['a', 'b'] }, { const: 'c' }]],
    ['a required property with different values', [tagged('a'), tagged('b', 'c'), tagged('d')]],
  ])('distinguishes branches by %s', (_by, branches) => {
    expect(areDisjoint(branches)).toBe(true);
  });

  it.each([
    ['an integer is a number', [{ type: 'integer' }, { type: 'number' }]],
    ['two values are equal', [{ enum: ['a', 'b'] }, { enum: ['b', 'c'] }]],
    ['the values are objects', [{ const: {} }, { const: [] }]],
    ['the property is optional', [{ ...tagged('a'), required: [] }, tagged('b')]],
    ['one branch accepts anything', [true, { type: 'string' }]],
  ])('does not distinguish branches if %s', (_case, branches) => {
    expect(areDisjoint(branches)).toBe(false);
  });
});
