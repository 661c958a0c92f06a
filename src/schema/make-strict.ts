import { isJsonObject, type JsonObject } from '../base/json.ts';
import { createAdmitsNull } from './admits-null.ts';
import { createAreDisjoint } from './disjoint.ts';
import { hoistDefinitions, type Hoisted } from './hoist.ts';
import { findOverLimit, type Limits } from './limits.ts';
import { createRestore } from './restore.ts';
import { findNotStrict } from './strict-problem.ts';
import { toStrict, type Fillers } from './to-strict.ts';

/** Of what is looked at: the schemas of many tools, which are checked one by one, may be any number together. */
const SIZE: Limits = {
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
  /** Whether it is another one than was given. */
  readonly changed: boolean;
  /** Makes an instance of the strict schema one of the given schema: properties that are null for want of a value go. */
  readonly restore: (value: unknown) => unknown;
}

/**
 * The strict form of a checked schema. Every instance of it, restored, is an instance of the schema; what the schema asks
 * for must have a strict expression, else the answer is undefined. A strict schema stays as it is.
 */
export function makeStrict(schema: JsonObject): StrictForm | undefined {
  if (!findNotStrict(schema)) return { schema, changed: false, restore: (value) => value };
  if (findOverLimit(schema, SIZE)) return undefined;
  const fillers: Fillers = new WeakMap();
  const strict = convert(hoistDefinitions(schema), fillers);
  if (!strict || findNotStrict(strict)) return undefined;
  return { schema: strict, changed: true, restore: createRestore(strict, fillers) };
}

function convert({ schema, definitions }: Hoisted, fillers: Fillers): JsonObject | undefined {
  const resolve = (given: unknown): unknown => {
    let found = given;
    while (isJsonObject(found) && typeof found.$ref === 'string') {
      found = found.$ref === '#' ? schema : definitions.get(found.$ref.slice('#/$defs/'.length));
    }
    return found;
  };
  const strictening = {
    fillers,
    areDisjoint: createAreDisjoint(resolve),
    admitsNull: createAdmitsNull(resolve),
  };
  const root = toStrict(inlineReference(schema, resolve), strictening);
  const entries = Array.from(definitions, ([name, definition]) => [name, toStrict(definition, strictening)]);
  if (!root || entries.some(([, definition]) => definition === undefined)) return undefined;
  return entries.length === 0 ? root : { ...root, $defs: Object.fromEntries(entries) as JsonObject };
}

/** The root of a strict schema is an object itself and no reference to one. */
function inlineReference(root: JsonObject, resolve: (schema: unknown) => unknown): unknown {
  const { $ref, ...others } = root;
  const target = resolve(root);
  if ($ref === undefined || !isJsonObject(target)) return root;
  return { ...target, ...others };
}
