import { describe, expect, it } from 'vitest';
import { createValidation, type ValidationJob } from '../../../src/app/worker/validate-value.ts';

const validate = createValidation();

function problemOf(schema: ValidationJob['schema'], value: unknown): string | undefined {
  const verdict = validate({ schema, value });
  return verdict.type === 'fit' ? undefined : `${verdict.type}: ${verdict.problem}`;
}

it('a price is a multiple of a cent, whatever binary fractions make of it', () => {
  const schema = { multipleOf: 0.01 };
  for (const price of [0.07, 0.29, 1.13, 19.99, 1e6]) expect(problemOf(schema, price)).toBeUndefined();
  expect(problemOf(schema, 0.075)).toContain('multiple of 0.01');
});

describe('a value that does not fit', () => {
  it.each([
    [{ type: 'object' }, 1, 'the value must be object'],
    [{ properties: { a: { items: { type: 'string' } } } }, { a: ['', 1] }, "'a[1]' must be string"],
    [
      { properties: { 'a/b~': { properties: { 0: false } } } },
      { 'a/b~': { 0: 1 } },
      "'a/b~.0' boolean schema is false",
    ],
    [
      { required: ['a', 'b'] },
      {},
      "the value must have required property 'a'; the value must have required property 'b'",
    ],
    [
      { required: ['a', 'b', 'c'] },
      {},
      "the value must have required property 'a'; the value must have required property 'b'",
    ],
    [{ additionalProperties: false }, { b: 1 }, 'the value must NOT have additional properties: "b"'],
    [{ unevaluatedProperties: false }, { b: 1 }, 'the value must NOT have unevaluated properties: "b"'],
    [{ enum: ['a', 1] }, 2, 'the value must be equal to one of the allowed values: ["a",1]'],
    [{ const: null }, 2, 'the value must be equal to constant: null'],
    [{ prefixItems: [{ type: 'string' }] }, [1], "'[0]' must be string"],
    [{ pattern: '^[\\w\\-]$' }, '??', 'the value must match pattern "^[\\w\\-]$"'],
  ])('%j %j', (schema, value, problem) => {
    expect(problemOf(schema, value)).toBe(`misfit: ${problem}`);
  });

  it('is described in a bounded length', () => {
    const problem = problemOf({ enum: ['a'.repeat(10_000)], type: 'string' }, 1);
    expect(problem).toMatch(/^misfit: the value must be string; the value must be equal .*…$/);
    expect(problem!.length).toBeLessThan(700);
  });
});

describe('a dialect', () => {
  it.each([
    ['of an array of items without a name', {}],
    ['by its name', { $schema: 'http://json-schema.org/draft-07/schema#' }],
    ['that is older', { $schema: 'http://json-schema.org/draft-04/schema#' }],
    ['under a wrong name', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
    ['that nobody knows', { $schema: 'https://example.com/mine' }],
    ['that is no name', { $schema: 7 }],
  ])('%s is followed', (_name, dialect) => {
    const schema = { ...dialect, items: [{ type: 'string' }], additionalItems: false };
    expect(problemOf(schema, ['a'])).toBeUndefined();
    expect(problemOf(schema, [1])).toBe("misfit: '[0]' must be string");
    expect(problemOf(schema, ['a', 'b'])).toBe('misfit: the value must NOT have more than 1 items');
  });

  it('takes formats and unknown keywords as notes', () => {
    expect(
      problemOf({ type: 'string', format: 'email', example: 1, 'x-order': 2 }, 'nobody'),
    ).toBeUndefined();
  });

  it('has references that lead inside, also by an id, and also round and round', () => {
    const tree = {
      $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } } },
      $ref: '#/$defs/tree',
    };
    expect(problemOf(tree, [[], [[1]]])).toBe("misfit: '[1][0][0]' must be array");
    const named = { $id: 'https://example.com/a', $defs: { b: { $id: 'b', type: 'string' } }, $ref: 'b' };
    expect(problemOf(named, 1)).toBe('misfit: the value must be string');
  });
});

describe('a schema', () => {
  it.each([
    [{ type: 'text' }, /'type' must be equal to one of the allowed values/],
    [{ properties: { a: { minLength: -1 } } }, /'properties.a.minLength' must be >= 0/],
    [{ $ref: 'https://example.com/else' }, /can't resolve reference https:\/\/example.com\/else/],
    [{ $ref: '#' }, /call stack/],
    [{ $ref: `#/${'a'.repeat(10_000)}` }, /^unusable: .{1,301}$/],
  ])('of no use is told: %j', (schema, problem) => {
    expect(problemOf(schema, {})).toMatch(problem);
  });

  it('whose pattern is of another language has everything match it', () => {
    const schema = {
      properties: { a: { pattern: '^(?P<y>\\d+)$', maxLength: 3 } },
      patternProperties: { '(?i)^A$': { type: 'string' } },
    };
    expect(problemOf(schema, { a: 'any' })).toBeUndefined();
    expect(problemOf(schema, { a: 'many' })).toBe("misfit: 'a' must NOT have more than 3 characters");
  });

  it('cannot have every value accepted by a promise', () => {
    expect(problemOf({ $async: true, type: 'string' }, 1)).toBe('misfit: the value must be string');
  });

  it('means nothing to the next one of the same id', () => {
    for (const type of ['string', 'number', 'array']) {
      const schema = {
        $id: 'https://example.com/same',
        $defs: { a: { $id: 'https://example.com/a', type } },
        $ref: 'a',
      };
      expect(problemOf(schema, null)).toBe(`misfit: the value must be ${type}`);
    }
  });

  it('may have thousands of properties, and is compiled once', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`p${index}`, { type: 'string' }]),
    );
    const durations = [1, 2, 3, 4].map(() => {
      const start = performance.now();
      expect(problemOf({ properties }, { p2999: 1 })).toBe("misfit: 'p2999' must be string");
      return performance.now() - start;
    });
    expect(Math.min(...durations.slice(1))).toBeLessThan(durations[0]! / 3);
  });

  it('is as good after many others', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let minimum = 0; minimum < 60; minimum += 1) {
        expect(problemOf({ minimum }, -1)).toBe(`misfit: the value must be >= ${minimum}`);
      }
    }
  });
});
