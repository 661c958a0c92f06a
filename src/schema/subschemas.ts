import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';

/** Keywords that hold schemas, grouped by the shape of their value. */
const KEYWORDS = {
  one: [
    'additionalItems',
    'additionalProperties',
    'contains',
    'contentSchema',
    'else',
    'if',
    'items',
    'not',
    'propertyNames',
    'then',
    'unevaluatedItems',
    'unevaluatedProperties',
  ],
  list: ['allOf', 'anyOf', 'oneOf', 'prefixItems'],
  map: ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'],
} as const;

const SHAPES: ReadonlyMap<string, string> = new Map(
  Object.entries(KEYWORDS).flatMap(([shape, keywords]) => keywords.map((keyword) => [keyword, shape])),
);

/** A value found where a schema is expected; the value may be anything. */
export interface LocatedSchema {
  readonly path: JsonPath;
  readonly schema: unknown;
}

export interface VisitedSchema extends LocatedSchema {
  /** Number of schemas around this one. */
  readonly depth: number;
  /** Number of schemas around this one that have `properties`. */
  readonly objects: number;
}

/** Yields the direct subschemas of a schema. */
export function* subschemasOf(schema: JsonObject): Generator<LocatedSchema, undefined> {
  for (const [keyword, value] of Object.entries(schema)) {
    const part = partOf(keyword, value);
    if (part === 'nothing') continue;
    if (part === 'itself') {
      yield { path: [keyword], schema: value };
      continue;
    }
    const elements = Array.isArray(value) ? value.entries() : Object.entries(value as JsonObject);
    for (const [key, element] of elements as Iterable<[PropertyKey, unknown]>) {
      if (!isNames(keyword, element)) yield { path: [keyword, key], schema: element };
    }
  }
}

/**
 * Returns the subschema to which the first one or two steps of a pointer lead; undefined if there is none.
 */
export function subschemaAt(schema: JsonObject, steps: readonly string[]): LocatedSchema | undefined {
  const [keyword = '', key] = steps;
  const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
  const part = partOf(keyword, value);
  if (part === 'nothing') return undefined;
  if (part === 'itself') return { path: [keyword], schema: value };
  if (key === undefined || !Object.hasOwn(value as object, key)) return undefined;
  const element = (value as JsonObject)[key];
  return isNames(keyword, element) ? undefined : { path: [keyword, key], schema: element };
}

/** Returns a copy of a schema in which each direct subschema is replaced. */
export function mapSubschemas(schema: JsonObject, change: (subschema: unknown) => unknown): JsonObject {
  return mapValues(schema, (value, keyword) => {
    const part = partOf(keyword, value);
    if (part === 'nothing') return value;
    if (part === 'itself') return change(value);
    if (Array.isArray(value)) return value.map(change);
    return mapValues(value as JsonObject, (entry) => (isNames(keyword, entry) ? entry : change(entry)));
  });
}

/**
 * Yields every schema in a schema, outer before inner. Follows no references and does not recurse, so that
 * depth costs no stack; a caller that stops early pays only for what it has seen.
 */
export function* walk(root: unknown): Generator<VisitedSchema, undefined> {
  const start = { path: [], schema: root, depth: 0, objects: 0 };
  yield start;
  const open = [visitBelow(start)];
  for (let visits = open.at(-1); visits; visits = open.at(-1)) {
    const next = visits.next();
    if (next.done) {
      open.pop();
      continue;
    }
    yield next.value;
    open.push(visitBelow(next.value));
  }
}

function* visitBelow(visit: VisitedSchema): Generator<VisitedSchema, undefined> {
  if (!isJsonObject(visit.schema)) return;
  const depth = visit.depth + 1;
  const objects = visit.objects + (Object.hasOwn(visit.schema, 'properties') ? 1 : 0);
  for (const { path, schema } of subschemasOf(visit.schema)) {
    yield { path: [...visit.path, ...path], schema, depth, objects };
  }
}

function partOf(keyword: string, value: unknown): 'itself' | 'elements' | 'nothing' {
  const shape = SHAPES.get(keyword);
  if (shape === undefined) return 'nothing';
  if (shape === 'one') return 'itself';
  const isWellFormed = shape === 'list' ? Array.isArray(value) : isJsonObject(value);
  return isWellFormed ? 'elements' : 'nothing';
}

/** Returns true for the list of names that the old keyword `dependencies` may hold instead of a schema. */
function isNames(keyword: string, value: unknown): boolean {
  return keyword === 'dependencies' && Array.isArray(value);
}

function mapValues(object: JsonObject, change: (value: unknown, key: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
