import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../src/base/json.ts';
import { checkSchema } from '../../src/schema/check-schema.ts';
import { makeStrict } from '../../src/schema/make-strict.ts';
import { findNotStrict } from '../../src/schema/strict-problem.ts';
import { runCount } from '../support/run-count.ts';
import { sampleInstance } from '../support/sample-instance.ts';

const NAMES = ['a', 'b', 'c'];
const REFERENCES = ['#', '#/$defs/d', '#/$defs/e', '#/properties/a'];

const name = fc.constantFrom(...NAMES);
const scalar = fc.constantFrom<unknown>('a', 'b', 1, 2.5, true, null);

/** Few names and values, so that branches of unions look alike. */
const leaf: fc.Arbitrary<JsonObject> = fc.oneof(
  fc.constantFrom('string', 'integer', 'number', 'boolean', 'null').map((type) => ({ type })),
  fc.constantFrom(['string', 'null'], ['integer', 'string']).map((type) => ({ type, maxLength: 1 })),
  fc.record({ type: fc.constant('integer'), minimum: fc.nat(3), maximum: fc.nat(3) }),
  fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
  scalar.map((value) => ({ const: value })),
  fc.constantFrom(...REFERENCES).map(($ref) => ({ $ref, description: 'A reference.' })),
);

/** Objects of the same shape that differ only in values, limits and nulls. */
const twins = fc
  .array(fc.tuple(leaf, leaf, fc.subarray(['a', 'b'])), { minLength: 2, maxLength: 3 })
  .map((pairs) => ({
    anyOf: pairs.map(([a, b, required]) => ({ type: 'object', properties: { a, b }, required })),
  }));

const { schema, object } = fc.letrec<{ schema: JsonObject; object: JsonObject }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { arbitrary: leaf, weight: 3 },
    { arbitrary: tie('object'), weight: 3 },
    { arbitrary: twins, weight: 2 },
    tie('schema').map((items) => ({ type: 'array', items, default: [] })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((oneOf) => ({ oneOf })),
    tie('schema').map((only) => ({ allOf: [only], title: 'One' })),
  ),
  object: fc
    .tuple(fc.dictionary(name, tie('schema'), { minKeys: 1, maxKeys: 3 }), fc.subarray(NAMES), fc.boolean())
    .map(([properties, names, isClosed]) => ({
      type: 'object',
      properties,
      required: names.filter((key) => Object.hasOwn(properties, key)),
      ...(isClosed && { additionalProperties: false }),
    })),
}));

const root = fc
  .tuple(object, schema, schema)
  .map(([top, d, e]): JsonObject => ({ ...top, $defs: { d, e } }))
  .filter((given) => checkSchema(given, { root: 'object' }) === undefined);

const ajv = new Ajv2020({ strict: false, code: { optimize: false } });

it(
  'every strict form is strict, and a restored answer matches the original schema',
  { timeout: 600_000 },
  () => {
    const runs = { strict: 0, sampled: 0 };
    fc.assert(
      fc.property(root, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (given, choices) => {
        const before = structuredClone(given);
        const strict = makeStrict(given);
        expect(given).toEqual(before);
        if (!strict) return;
        runs.strict += 1;
        expect(findNotStrict(strict.schema)).toBeUndefined();
        expect(checkSchema(strict.schema, { root: 'object' })).toBeUndefined();
        const instance = sampleInstance(strict.schema, choices);
        if (!isJsonObject(instance)) return;
        runs.sampled += 1;
        expect(ajv.validate(strict.schema, instance)).toBe(true);
        const restored = strict.restore(instance);
        expect({ valid: ajv.validate(given, restored), restored }).toEqual({ valid: true, restored });
      }),
      runCount(80),
    );
    expect(runs.sampled).toBeGreaterThan(30);
  },
);
