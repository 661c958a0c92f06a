import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { SchemaProblem } from './schema-problem.ts';
import { walk } from './subschemas.ts';

export interface SchemaLimits {
  /** Levels of schemas within schemas. */
  readonly depth: number;
  /** Levels of objects within objects. */
  readonly objects: number;
  /** Total number of schemas; the following limits are totals, too. */
  readonly schemas: number;
  readonly properties: number;
  readonly enumValues: number;
  /** Characters of the names of properties and definitions, of patterns, and of enum and const values. */
  readonly characters: number;
}

type Total = Exclude<keyof SchemaLimits, 'depth' | 'objects'>;

const TOTALS: Readonly<Record<Total, { what: string; count: (schema: JsonObject) => number }>> = {
  schemas: { what: 'subschemas', count: () => 1 },
  properties: { what: 'object properties', count: (schema) => keysOf(schema.properties).length },
  enumValues: { what: 'enum values', count: (schema) => valuesOf(schema).length },
  characters: { what: 'characters of names, patterns, enum and const values', count: countCharacters },
};

const totals = Object.keys(TOTALS) as Total[];

/** Returns the first limit that a schema exceeds. Safe for schemas of any depth. */
export function findOverLimit(root: unknown, limits: SchemaLimits): SchemaProblem | undefined {
  const sums = { schemas: 0, properties: 0, enumValues: 0, characters: 0 };
  for (const { path, schema, depth, objects } of walk(root)) {
    if (depth > limits.depth)
      return { path, reason: `${depth} levels of nesting exceeds limit of ${limits.depth}.` };
    if (!isJsonObject(schema)) continue;
    const levels = Object.hasOwn(schema, 'properties') ? objects + 1 : 0;
    if (levels > limits.objects) {
      return { path, reason: `${levels} levels of nesting exceeds limit of ${limits.objects}.` };
    }
    for (const total of totals) {
      sums[total] += TOTALS[total].count(schema);
      if (sums[total] <= limits[total]) continue;
      const reason = `expected at most ${limits[total]} ${TOTALS[total].what} in total within a single schema.`;
      return { path: [], reason };
    }
  }
  return undefined;
}

function keysOf(value: unknown): string[] {
  return isJsonObject(value) ? Object.keys(value) : [];
}

function valuesOf(schema: JsonObject): readonly unknown[] {
  return Array.isArray(schema.enum) ? schema.enum : [];
}

function countCharacters(schema: JsonObject): number {
  const names = [schema.properties, schema.patternProperties, schema.$defs, schema.definitions].flatMap(
    keysOf,
  );
  const values = [...valuesOf(schema), schema.const, schema.pattern];
  return [...names, ...values.map(textOf)].reduce((sum, text) => sum + text.length, 0);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
