import { describe, expect, it } from 'vitest';
import { findReferenceLoop, stepsOf, referenceTarget } from '../../src/schema/references.ts';

const text = { type: 'string' };

describe('references', () => {
  it.each([
    ['#', []],
    ['#/$defs/a', ['$defs', 'a']],
    ['#/$defs/a~1b~0c', ['$defs', 'a/b~c']],
    ['#/$defs/a%20b', ['$defs', 'a b']],
  ])('splits %s into its steps', (reference, steps) => {
    expect(stepsOf(reference)).toEqual(steps);
  });

  it.each(['other.json#/a', '#anchor', '', 7, '#/%E0%A4%A'])('refuse %j as a pointer', (reference) => {
    expect(stepsOf(reference)).toBeUndefined();
  });

  it('lead only to schemas, not to other values', () => {
    const root = { properties: { enum: text }, enum: [{ type: 'number' }], items: true };
    expect(referenceTarget(root, '#')).toBe(root);
    expect(referenceTarget(root, '#/properties/enum')).toBe(text);
    expect(referenceTarget(root, '#/items')).toBe(true);
    expect(referenceTarget(root, '#/enum/0')).toBeUndefined();
    expect(referenceTarget(root, '#/properties')).toBeUndefined();
    expect(referenceTarget(root, '#/properties/missing')).toBeUndefined();
  });

  it('are a loop if a schema applies to the same value again', () => {
    const loop = {
      properties: { a: { $ref: '#/$defs/b' } },
      $defs: { b: { anyOf: [{ $ref: '#/$defs/b' }] } },
    };
    expect(findReferenceLoop(loop)).toEqual(['properties', 'a']);
  });

  it('are not a loop if a schema applies to a part of the value', () => {
    expect(findReferenceLoop({ properties: { child: { $ref: '#' } } })).toBeUndefined();
  });
});
