import { isJsonObject, type JsonObject } from '../base/json.ts';
import { createAreDisjoint } from './disjoint.ts';
import { hoistDefinitions, type Hoisted } from './hoist.ts';
import { findOverLimit, type SchemaLimits } from './limits.ts';
import { createRestore } from './restore.ts';
import { findNotStrict } from './strict-problem.ts';
import { toStrict, type NullPlaceholders } from './to-strict.ts';
import { typesOf, valuesOf } from './types.ts';

/**
 * Limits only the number of schemas: callers check each tool's schema alone, and all tools together may be
 * large.
 */
const SIZE: SchemaLimits = {
  depth: Infinity,
  objects: Infinity,
  schemas: 20_000,
  properties: Infinity,
  enumValues: Infinity,
  characters: Infinity,
};

/** A schema as OpenAI's strict structured outputs take it. */
export interface StrictForm {
  readonly schema: JsonObject;
  /** True if the schema differs from the given one. */
  readonly changed: boolean;
  /**
   * Turns a value of the strict schema into one of the given schema by dropping the nulls of absent
   * properties.
   */
  readonly restore: (value: unknown) => unknown;
}

/**
 * Returns the strict form of a checked schema; undefined if a constraint of it cannot be expressed in strict
 * schemas. Restored values of the strict form are always valid for the given schema. A schema that is strict
 * already stays unchanged.
 */
export function makeStrict(schema: JsonObject): StrictForm | undefined {
  if (!findNotStrict(schema)) return { schema, changed: false, restore: (value) => value };
  if (findOverLimit(schema, SIZE)) return undefined;
  const placeholders: NullPlaceholders = new WeakMap();
  const strict = convert(hoistDefinitions(schema), placeholders);
  if (!strict || findNotStrict(strict)) return undefined;
  return { schema: strict, changed: true, restore: createRestore(strict, placeholders) };
}

function convert({ schema, definitions }: Hoisted, placeholders: NullPlaceholders): JsonObject | undefined {
  const resolve = (given: unknown): unknown => {
    let found = given;
    while (isJsonObject(found) && typeof found.$ref === 'string') {
      found = found.$ref === '#' ? schema : definitions.get(found.$ref.slice('#/$defs/'.length));
    }
    return found;
  };
  const context = {
    placeholders,
    areDisjoint: createAreDisjoint(resolve),
    admitsNull: createAdmitsNull(resolve),
  };
  const root = toStrict(inlineReference(schema, resolve), context);
  const entries = Array.from(definitions, ([name, definition]) => [name, toStrict(definition, context)]);
  if (!root || entries.some(([, definition]) => definition === undefined)) return undefined;
  return entries.length === 0 ? root : { ...root, $defs: Object.fromEntries(entries) as JsonObject };
}

/** Replaces a reference at the root by its target: the root of a strict schema must be an object itself. */
function inlineReference(root: JsonObject, resolve: Resolve): unknown {
  const { $ref, ...others } = root;
  const target = resolve(root);
  if ($ref === undefined || !isJsonObject(target)) return root;
  return { ...target, ...others };
}

type Resolve = (schema: unknown) => unknown;

/** Creates a function that returns true if a schema certainly accepts null. `resolve` follows `$ref`s. */
function createAdmitsNull(resolve: Resolve): (schema: unknown) => boolean {
  // Cached, because many properties and unions may lead to the same schema.
  const known = new Map<unknown, boolean>();
  const admits = (given: unknown): boolean => {
    const schema = resolve(given);
    const answer = known.get(schema) ?? (isJsonObject(schema) && inspect(schema));
    known.set(schema, answer);
    return answer;
  };
  const inspect = (schema: JsonObject): boolean => {
    const union = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(union)) return union.some(admits);
    return Array.isArray(schema.allOf) ? schema.allOf.every(admits) : typeAdmitsNull(schema);
  };
  return admits;
}

function typeAdmitsNull(schema: JsonObject): boolean {
  const types = typesOf(schema);
  const values = valuesOf(schema);
  if (types.length === 0) return values?.includes(null) ?? false;
  return types.includes('null') && (values?.includes(null) ?? true);
}
