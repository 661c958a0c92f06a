import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';

/** Every keyword that holds schemas, by how it holds them. */
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

/** A place where a schema is due; what stands there may be no schema at all. */
export interface Place {
  readonly path: JsonPath;
  readonly schema: unknown;
}

export interface Visit extends Place {
  /** How many schemas lie around it. */
  readonly depth: number;
  /** How many of them are objects with properties. */
  readonly objects: number;
}

/** The schemas right below one schema. */
export function* subschemasOf(schema: JsonObject): Generator<Place, undefined> {
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

/** The subschema to which the first one or two steps of a pointer lead; undefined where they lead to none. */
export function subschemaAt(schema: JsonObject, steps: readonly string[]): Place | undefined {
  const [keyword = '', key] = steps;
  const value = Object.hasOwn(schema, keyword) ? schema[keyword] : undefined;
  const part = partOf(keyword, value);
  if (part === 'nothing') return undefined;
  if (part === 'itself') return { path: [keyword], schema: value };
  if (key === undefined || !Object.hasOwn(value as object, key)) return undefined;
  const element = (value as JsonObject)[key];
  return isNames(keyword, element) ? undefined : { path: [keyword, key], schema: element };
}

/** A copy of a schema with each schema right below it replaced. */
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
 * Every schema in a schema, outer before inner. It follows no references, takes no stack, and looks at no more than it is
 * asked for: who stops early pays for nothing behind.
 */
export function* walk(root: unknown): Generator<Visit, undefined> {
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

function* visitBelow(visit: Visit): Generator<Visit, undefined> {
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

/** The older form of `dependentRequired` stands among schemas. */
function isNames(keyword: string, value: unknown): boolean {
  return keyword === 'dependencies' && Array.isArray(value);
}

function mapValues(object: JsonObject, change: (value: unknown, key: string) => unknown): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
