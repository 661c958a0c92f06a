import { isJsonObject, type JsonObject } from '../../src/base/json.ts';

/** Deeper, a recursive schema may have no end. */
const MAX_DEPTH = 30;

const SCALARS: Readonly<Record<string, readonly unknown[]>> = {
  string: ['', 'a', 'b'],
  integer: [0, 1, 2, 3],
  number: [0, 1, 2.5],
  boolean: [true, false],
  null: [null],
};

/**
 * Some instance of a strict schema, as the choices say, each a natural number; undefined where they come to none. Every
 * path ends: the deeper it gets, the more the last branch of a union is taken, which is the null.
 */
export function sampleInstance(root: JsonObject, choices: readonly number[]): unknown {
  let taken = 0;
  const choose = <T>(options: readonly T[]): T | undefined => {
    taken += 1;
    return options[choices[taken % choices.length]! % options.length];
  };
  const fits = (schema: JsonObject) => (value: unknown) =>
    (typeof schema.minimum !== 'number' || typeof value !== 'number' || value >= schema.minimum) &&
    (typeof schema.maximum !== 'number' || typeof value !== 'number' || value <= schema.maximum);

  const sample = (given: unknown, depth: number): unknown => {
    const schema = given as JsonObject;
    if (depth > MAX_DEPTH) return undefined;
    if (schema.$ref === '#') return sample(root, depth + 1);
    if (typeof schema.$ref === 'string') {
      return sample((root.$defs as JsonObject)[schema.$ref.slice('#/$defs/'.length)], depth + 1);
    }
    if (Array.isArray(schema.anyOf)) {
      return sample(depth > MAX_DEPTH / 3 ? schema.anyOf.at(-1) : choose(schema.anyOf), depth + 1);
    }
    if (Object.hasOwn(schema, 'const')) return schema.const;
    if (Array.isArray(schema.enum)) return choose(schema.enum);
    const type = Array.isArray(schema.type) ? choose(schema.type) : schema.type;
    if (type === 'object') return sampleObject(schema.properties as JsonObject, depth);
    if (type === 'array') return sampleArray(schema.items, depth);
    return choose(SCALARS[String(type)]!.filter(fits(schema)));
  };
  const sampleObject = (properties: JsonObject, depth: number): unknown => {
    const entries = Object.entries(properties).map(([name, property]) => [name, sample(property, depth + 1)]);
    return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
  };
  const sampleArray = (items: unknown, depth: number): unknown => {
    const length = depth > MAX_DEPTH / 3 ? 0 : choose([0, 1, 2])!;
    const values = Array.from({ length }, () => sample(items, depth + 1));
    return values.includes(undefined) ? undefined : values;
  };
  const instance = sample(root, 0);
  return isJsonObject(instance) ? instance : undefined;
}
