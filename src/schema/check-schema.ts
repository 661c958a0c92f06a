import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';
import { explainMalformed } from './keywords.ts';
import { findOverLimit, type SchemaLimits } from './limits.ts';
import { findReferenceLoop, stepsOf, referenceTarget } from './references.ts';
import { notAnObjectSchema, type SchemaProblem } from './schema-problem.ts';
import { walk } from './subschemas.ts';

/** Limits for schemas that are not strict; OpenAI, too, allows these to be larger than strict ones. */
const LIMITS: SchemaLimits = {
  depth: 32,
  objects: 32,
  schemas: 20_000,
  properties: 5000,
  enumValues: 10_000,
  characters: 500_000,
};

/** Keywords that refer to schemas in other ways than by a pointer. */
const UNSUPPORTED = ['$dynamicRef', '$recursiveRef'];

export interface SchemaUse {
  /** Requires a schema that describes an object. */
  readonly root?: 'object';
  /** Allows a `$ref` without a target: the schema is still useful as a description for the model. */
  readonly lostReferences?: 'allowed';
}

/**
 * Returns the first reason why a schema from a caller cannot be used. The other functions of this room expect
 * schemas that passed this check. Keywords whose value is null count as absent; `withoutNulls` removes them.
 */
export function checkSchema(schema: unknown, use: SchemaUse = {}): SchemaProblem | undefined {
  return (
    findOverLimit(schema, LIMITS) ??
    findMalformed(schema, use) ??
    findLoop(schema) ??
    (use.root === 'object' ? checkRoot(schema) : undefined)
  );
}

function findMalformed(root: unknown, use: SchemaUse): SchemaProblem | undefined {
  for (const { path, schema } of walk(root)) {
    const reason = isJsonObject(schema)
      ? (explainUnusable(schema, path) ?? explainLostReference(schema.$ref, root, use))
      : explainNotSchema(schema, path);
    if (reason !== undefined) return { path, reason };
  }
  return undefined;
}

function explainNotSchema(value: unknown, path: JsonPath): string | undefined {
  if (path.length === 0) return 'schema must be an object.';
  return typeof value === 'boolean' ? undefined : 'schema must be an object or a boolean.';
}

function explainUnusable(schema: JsonObject, path: JsonPath): string | undefined {
  const keyword = UNSUPPORTED.find((name) => Object.hasOwn(schema, name));
  if (keyword !== undefined) return `'${keyword}' is not supported.`;
  if (path.length > 0 && Object.hasOwn(schema, '$id')) return "'$id' is not supported inside of a schema.";
  for (const [name, value] of Object.entries(schema)) {
    const reason = explainMalformed(name, value);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function explainLostReference(reference: unknown, root: unknown, use: SchemaUse): string | undefined {
  if (reference === undefined || reference === null) return undefined;
  if (stepsOf(reference) === undefined)
    return "$ref must be a pointer within the schema, such as '#/$defs/name'.";
  const lost = referenceTarget(root, reference) === undefined && use.lostReferences !== 'allowed';
  return lost ? '$ref leads to nothing in the schema.' : undefined;
}

function findLoop(schema: unknown): SchemaProblem | undefined {
  const path = findReferenceLoop(schema);
  return path && { path, reason: '$ref leads back to itself, or through too many others.' };
}

function checkRoot(root: unknown): SchemaProblem | undefined {
  let schema = root;
  while (isJsonObject(schema) && (schema.$ref ?? null) !== null) schema = referenceTarget(root, schema.$ref);
  const type = isJsonObject(schema) ? schema.type : undefined;
  return type === 'object' ? undefined : notAnObjectSchema(type);
}
