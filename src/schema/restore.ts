import { isJsonObject, type JsonObject } from '../base/json.ts';
import { findTooDeep } from '../base/json-path.ts';
import type { NullPlaceholders } from './to-strict.ts';
import { isOfType, typesOf, valuesOf } from './types.ts';

/** Maximum depth of an answer that is restored; a deeper one stays unchanged. */
const MAX_DEPTH = 128;

/** A value that fits a schema, without the nulls of absent properties. */
interface Restored {
  readonly value: unknown;
}

type RestoreValue = (schema: unknown, value: unknown) => Restored | undefined;

/**
 * Creates a function that removes the nulls with which `toStrict` made the model mark absent properties. A
 * value without them, or one that does not fit the strict schema, is returned unchanged.
 */
export function createRestore(root: JsonObject, placeholders: NullPlaceholders): (value: unknown) => unknown {
  return (value) => {
    if (findTooDeep(value, MAX_DEPTH)) return value;
    const restored = createRestoreValue(root, placeholders)(root, value);
    return restored ? restored.value : value;
  };
}

/**
 * Creates a function that restores each value by each schema only once, because unions within unions would
 * multiply the attempts.
 */
function createRestoreValue(root: JsonObject, placeholders: NullPlaceholders): RestoreValue {
  const known = new Map<unknown, Map<unknown, Restored | undefined>>();
  const restore: RestoreValue = (schema, value) => {
    const all = known.get(value) ?? new Map<unknown, Restored | undefined>();
    known.set(value, all);
    if (!all.has(schema)) all.set(schema, restoreAnew(schema, value));
    return all.get(schema);
  };
  const restoreAnew: RestoreValue = (schema, value) => {
    if (!isJsonObject(schema)) return undefined;
    if (typeof schema.$ref === 'string') return restore(targetOf(schema.$ref, root), value);
    if (Array.isArray(schema.anyOf)) return restoreUnion(schema.anyOf, value, restore);
    if (!fits(schema, value)) return undefined;
    if (Array.isArray(value)) return restoreItems(schema.items, value, restore);
    return isJsonObject(value)
      ? restoreProperties(schema.properties, value, { restore, placeholders })
      : { value };
  };
  return restore;
}

function targetOf(reference: string, root: JsonObject): unknown {
  if (reference === '#') return root;
  return isJsonObject(root.$defs) ? root.$defs[reference.slice('#/$defs/'.length)] : undefined;
}

function restoreUnion(
  branches: readonly unknown[],
  value: unknown,
  restore: RestoreValue,
): Restored | undefined {
  for (const branch of branches) {
    const restored = restore(branch, value);
    if (restored) return restored;
  }
  return undefined;
}

function restoreItems(
  items: unknown,
  value: readonly unknown[],
  restore: RestoreValue,
): Restored | undefined {
  const all = value.map((item) => restore(items, item));
  if (all.includes(undefined)) return undefined;
  const isSame = all.every((restored, index) => restored?.value === value[index]);
  return { value: isSame ? value : all.map((restored) => restored?.value) };
}

function restoreProperties(
  properties: unknown,
  value: JsonObject,
  { restore, placeholders }: { restore: RestoreValue; placeholders: NullPlaceholders },
): Restored | undefined {
  if (!isJsonObject(properties)) return undefined;
  const optional = placeholders.get(properties);
  if (!hasExpectedNames(properties, value, optional)) return undefined;
  const given = Object.entries(value);
  const kept = given.filter(([name, property]) => property !== null || !optional?.has(name));
  const entries: [string, unknown][] = [];
  for (const [name, property] of kept) {
    const restored = restore(properties[name], property);
    if (!restored) return undefined;
    entries.push([name, restored.value]);
  }
  const isSame = kept.length === given.length && entries.every(([name, part]) => part === value[name]);
  return { value: isSame ? value : Object.fromEntries(entries) };
}

function hasExpectedNames(
  properties: JsonObject,
  value: JsonObject,
  optional: ReadonlySet<string> | undefined,
): boolean {
  const isKnown = (name: string) => Object.hasOwn(properties, name);
  const isThere = (name: string) => Object.hasOwn(value, name) || optional?.has(name);
  return Object.keys(value).every(isKnown) && Object.keys(properties).every(isThere);
}

type IsWithinLimit = (value: never, limit: number) => boolean;

/** Keywords with a numeric limit. Patterns are not checked: a hostile one takes forever. */
const LIMITS: Readonly<Record<string, { readonly type: string; readonly isWithin: IsWithinLimit }>> = {
  minimum: { type: 'number', isWithin: (value: number, limit) => value >= limit },
  maximum: { type: 'number', isWithin: (value: number, limit) => value <= limit },
  exclusiveMinimum: { type: 'number', isWithin: (value: number, limit) => value > limit },
  exclusiveMaximum: { type: 'number', isWithin: (value: number, limit) => value < limit },
  multipleOf: { type: 'number', isWithin: (value: number, limit) => Number.isInteger(value / limit) },
  minLength: { type: 'string', isWithin: (value: string, limit) => Array.from(value).length >= limit },
  maxLength: { type: 'string', isWithin: (value: string, limit) => Array.from(value).length <= limit },
  minItems: { type: 'array', isWithin: (value: unknown[], limit) => value.length >= limit },
  maxItems: { type: 'array', isWithin: (value: unknown[], limit) => value.length <= limit },
};

const limits = Object.entries(LIMITS);

/** Returns true if a value fits the keywords that apply to the value itself, not to its parts. */
function fits(schema: JsonObject, value: unknown): boolean {
  const types = typesOf(schema);
  if (!types.some((type) => isOfType(value, type))) return false;
  if (valuesOf(schema)?.includes(value) === false) return false;
  return limits.every(([keyword, { type, isWithin }]) => {
    const limit = schema[keyword];
    return typeof limit !== 'number' || !isOfType(value, type) || isWithin(value as never, limit);
  });
}
