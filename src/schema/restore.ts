import { isJsonObject, type JsonObject } from '../base/json.ts';
import { findTooDeep } from '../base/json-path.ts';
import type { Fillers } from './to-strict.ts';
import { isOfType, typesOf, valuesOf } from './types.ts';

/** An answer nested deeper is left as it is. */
const MAX_DEPTH = 128;

/** A value that fits a schema, without the nulls for what was left out. */
interface Reading {
  readonly value: unknown;
}

type Read = (schema: unknown, value: unknown) => Reading | undefined;

/**
 * Removes from a value what `toStrict` made the model say: the nulls of properties left out. A value without any, or one
 * that does not fit the strict schema, comes back itself.
 */
export function createRestore(root: JsonObject, fillers: Fillers): (value: unknown) => unknown {
  return (value) => {
    if (findTooDeep(value, MAX_DEPTH)) return value;
    const reading = createRead(root, fillers)(root, value);
    return reading ? reading.value : value;
  };
}

/** Each value is read by each schema once: unions within unions would be tried without end. */
function createRead(root: JsonObject, fillers: Fillers): Read {
  const known = new Map<unknown, Map<unknown, Reading | undefined>>();
  const read: Read = (schema, value) => {
    const readings = known.get(value) ?? new Map<unknown, Reading | undefined>();
    known.set(value, readings);
    if (!readings.has(schema)) readings.set(schema, readAnew(schema, value));
    return readings.get(schema);
  };
  const readAnew: Read = (schema, value) => {
    if (!isJsonObject(schema)) return undefined;
    if (typeof schema.$ref === 'string') return read(targetOf(schema.$ref, root), value);
    if (Array.isArray(schema.anyOf)) return readUnion(schema.anyOf, value, read);
    if (!fits(schema, value)) return undefined;
    if (Array.isArray(value)) return readItems(schema.items, value, read);
    return isJsonObject(value) ? readProperties(schema.properties, value, { read, fillers }) : { value };
  };
  return read;
}

function targetOf(reference: string, root: JsonObject): unknown {
  if (reference === '#') return root;
  return isJsonObject(root.$defs) ? root.$defs[reference.slice('#/$defs/'.length)] : undefined;
}

function readUnion(branches: readonly unknown[], value: unknown, read: Read): Reading | undefined {
  for (const branch of branches) {
    const reading = read(branch, value);
    if (reading) return reading;
  }
  return undefined;
}

function readItems(items: unknown, value: readonly unknown[], read: Read): Reading | undefined {
  const readings = value.map((item) => read(items, item));
  if (readings.includes(undefined)) return undefined;
  const isSame = readings.every((reading, index) => reading?.value === value[index]);
  return { value: isSame ? value : readings.map((reading) => reading?.value) };
}

function readProperties(
  properties: unknown,
  value: JsonObject,
  { read, fillers }: { read: Read; fillers: Fillers },
): Reading | undefined {
  if (!isJsonObject(properties)) return undefined;
  const optional = fillers.get(properties);
  if (!hasNamesOf(properties, value, optional)) return undefined;
  const given = Object.entries(value);
  const kept = given.filter(([name, property]) => property !== null || !optional?.has(name));
  const entries: [string, unknown][] = [];
  for (const [name, property] of kept) {
    const reading = read(properties[name], property);
    if (!reading) return undefined;
    entries.push([name, reading.value]);
  }
  const isSame = kept.length === given.length && entries.every(([name, part]) => part === value[name]);
  return { value: isSame ? value : Object.fromEntries(entries) };
}

function hasNamesOf(
  properties: JsonObject,
  value: JsonObject,
  optional: ReadonlySet<string> | undefined,
): boolean {
  const isKnown = (name: string) => Object.hasOwn(properties, name);
  const isThere = (name: string) => Object.hasOwn(value, name) || optional?.has(name);
  return Object.keys(value).every(isKnown) && Object.keys(properties).every(isThere);
}

type Limit = (value: never, limit: number) => boolean;

/** Patterns are no part of it: a hostile one takes forever. */
const LIMITS: Readonly<Record<string, { readonly type: string; readonly isKept: Limit }>> = {
  minimum: { type: 'number', isKept: (value: number, limit) => value >= limit },
  maximum: { type: 'number', isKept: (value: number, limit) => value <= limit },
  exclusiveMinimum: { type: 'number', isKept: (value: number, limit) => value > limit },
  exclusiveMaximum: { type: 'number', isKept: (value: number, limit) => value < limit },
  multipleOf: { type: 'number', isKept: (value: number, limit) => Number.isInteger(value / limit) },
  minLength: { type: 'string', isKept: (value: string, limit) => Array.from(value).length >= limit },
  maxLength: { type: 'string', isKept: (value: string, limit) => Array.from(value).length <= limit },
  minItems: { type: 'array', isKept: (value: unknown[], limit) => value.length >= limit },
  maxItems: { type: 'array', isKept: (value: unknown[], limit) => value.length <= limit },
};

const limits = Object.entries(LIMITS);

/** Whether a value fits what a schema says of it as a whole. */
function fits(schema: JsonObject, value: unknown): boolean {
  const types = typesOf(schema);
  if (!types.some((type) => isOfType(value, type))) return false;
  if (valuesOf(schema)?.includes(value) === false) return false;
  return limits.every(([keyword, { type, isKept }]) => {
    const limit = schema[keyword];
    return typeof limit !== 'number' || !isOfType(value, type) || isKept(value as never, limit);
  });
}
