import { describe, expect, it } from 'vitest';
import { createValidation, type ValidationJob } from '../../../src/app/worker/validate-value.ts';

const validate = createValidation();

function problemOf(schema: ValidationJob['schema'], value: unknown): string | undefined {
  const verdict = validate({ schema, value });
  return verdict.type === 'fit' ? undefined : `${verdict.type}: ${verdict.problem}`;
}

it('validation accepts multiples of 0.01 despite binary fractions', () => {
  const schema = { multipleOf: 0.01 };
  for (const price of [0.07, 0.29, 1.13, 19.99, 1e6]) expect(problemOf(schema, price)).toBeUndefined();
  expect(problemOf(schema, 0.075)).toContain('multiple of 0.01');
});

describe('a value that does not fit its schema', () => {
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
  ])('is described: schema %j, value %j', (schema, value, problem) => {
    expect(problemOf(schema, value)).toBe(`misfit: ${problem}`);
  });

  it('is described in a bounded length', () => {
    const problem = problemOf({ enum: ['a'.repeat(10_000)], type: 'string' }, 1);
    expect(problem).toMatch(/^misfit: the value must be string; the value must be equal .*…$/);
    expect(problem!.length).toBeLessThan(700);
  });
});

describe('the dialect of a schema', () => {
  it.each([
    ['draft 7 without $schema', {}],
    ['draft 7 by its name', { $schema: 'http://json-schema.org/draft-07/schema#' }],
    ['an older draft', { $schema: 'http://json-schema.org/draft-04/schema#' }],
    ['draft 7 under a wrong $schema', { $schema: 'https://json-schema.org/draft/2020-12/schema' }],
    ['an unknown $schema', { $schema: 'https://example.com/mine' }],
    ['draft 7 with a $schema that is not a string', { $schema: 7 }],
  ])('is followed when it is %s', (_name, dialect) => {
    const schema = { ...dialect, items: [{ type: 'string' }], additionalItems: false };
    expect(problemOf(schema, ['a'])).toBeUndefined();
    expect(problemOf(schema, [1])).toBe("misfit: '[0]' must be string");
    expect(problemOf(schema, ['a', 'b'])).toBe('misfit: the value must NOT have more than 1 items');
  });

  it('treats formats and unknown keywords as notes', () => {
    expect(
      problemOf({ type: 'string', format: 'email', example: 1, 'x-order': 2 }, 'nobody'),
    ).toBeUndefined();
  });

  it('allows internal references, by path, by id and recursive', () => {
    const tree = {
      $defs: { tree: { type: 'array', items: { $ref: '#/$defs/tree' } } },
      $ref: '#/$defs/tree',
    };
    expect(problemOf(tree, [[], [[1]]])).toBe("misfit: '[1][0][0]' must be array");
    const named = { $id: 'https://example.com/a', $defs: { b: { $id: 'b', type: 'string' } }, $ref: 'b' };
    expect(problemOf(named, 1)).toBe('misfit: the value must be string');
  });
});

describe('validation by a schema', () => {
  it.each([
    [{ type: 'text' }, /'type' must be equal to one of the allowed values/],
    [{ properties: { a: { minLength: -1 } } }, /'properties.a.minLength' must be >= 0/],
    [{ $ref: 'https://example.com/else' }, /can't resolve reference https:\/\/example.com\/else/],
    [{ $ref: '#' }, /call stack/],
    [{ $ref: `#/${'a'.repeat(10_000)}` }, /^unusable: .{1,301}$/],
  ])('reports an unusable schema (case %#)', (schema, problem) => {
    expect(problemOf(schema, {})).toMatch(problem);
  });

  it('ignores a pattern in another regular expression language', () => {
    const schema = {
      properties: { a: { pattern: '^(?P<y>\\d+)$', maxLength: 3 } },
      patternProperties: { '(?i)^A$': { type: 'string' } },
    };
    expect(problemOf(schema, { a: 'any' })).toBeUndefined();
    expect(problemOf(schema, { a: 'many' })).toBe("misfit: 'a' must NOT have more than 3 characters");
  });

  it('checks a schema with $async like any other', () => {
    expect(problemOf({ $async: true, type: 'string' }, 1)).toBe('misfit: the value must be string');
  });

  it('does not mix up schemas with the same id', () => {
    for (const type of ['string', 'number', 'array']) {
      const schema = {
        $id: 'https://example.com/same',
        $defs: { a: { $id: 'https://example.com/a', type } },
        $ref: 'a',
      };
      expect(problemOf(schema, null)).toBe(`misfit: the value must be ${type}`);
    }
  });

  it('handles thousands of properties and compiles the schema only once', () => {
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

  it('works the same after many other schemas', () => {
    for (let round = 0; round < 2; round += 1) {
      for (let minimum = 0; minimum < 60; minimum += 1) {
        expect(problemOf({ minimum }, -1)).toBe(`misfit: the value must be >= ${minimum}`);
      }
    }
  });
});
