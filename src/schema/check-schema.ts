import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';
import { whyMalformed } from './keywords.ts';
import { findOverLimit, type Limits } from './limits.ts';
import { findReferenceLoop, stepsOf, targetOf } from './references.ts';
import { notOfObjects, type SchemaProblem } from './schema-problem.ts';
import { walk } from './subschemas.ts';

/** Wider than OpenAI's for strict schemas: what is not strict may be larger there too. */
const LIMITS: Limits = {
  depth: 32,
  objects: 32,
  schemas: 20_000,
  properties: 5000,
  enumValues: 10_000,
  characters: 500_000,
};

/** They mean schemas by other ways than a pointer. */
const UNUSABLE = ['$dynamicRef', '$recursiveRef'];

export interface SchemaUse {
  /** Whether the schema must be one of objects. */
  readonly root?: 'object';
  /** Whether a `$ref` may lead to nothing: such a schema tells a model all the same. */
  readonly lostReferences?: 'allowed';
}

/**
 * The first reason why a schema cannot be used, of whatever the caller sent; the other functions of this room take only
 * what has passed here. Keywords that are null pass as absent ones; `withoutNulls` takes them out.
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
    const why = isJsonObject(schema)
      ? (whyUnusable(schema, path) ?? whyLost(schema.$ref, root, use))
      : whyNoSchema(schema, path);
    if (why !== undefined) return { path, why };
  }
  return undefined;
}

function whyNoSchema(value: unknown, path: JsonPath): string | undefined {
  if (path.length === 0) return 'schema must be an object.';
  return typeof value === 'boolean' ? undefined : 'schema must be an object or a boolean.';
}

function whyUnusable(schema: JsonObject, path: JsonPath): string | undefined {
  const keyword = UNUSABLE.find((name) => Object.hasOwn(schema, name));
  if (keyword !== undefined) return `'${keyword}' is not supported.`;
  if (path.length > 0 && Object.hasOwn(schema, '$id')) return "'$id' is not supported inside of a schema.";
  for (const [name, value] of Object.entries(schema)) {
    const why = whyMalformed(name, value);
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyLost(reference: unknown, root: unknown, use: SchemaUse): string | undefined {
  if (reference === undefined || reference === null) return undefined;
  if (stepsOf(reference) === undefined)
    return "$ref must be a pointer within the schema, such as '#/$defs/name'.";
  const lost = targetOf(root, reference) === undefined && use.lostReferences !== 'allowed';
  return lost ? '$ref leads to nothing in the schema.' : undefined;
}

function findLoop(schema: unknown): SchemaProblem | undefined {
  const path = findReferenceLoop(schema);
  return path && { path, why: '$ref leads in a circle, or over too many others.' };
}

function checkRoot(root: unknown): SchemaProblem | undefined {
  let schema = root;
  while (isJsonObject(schema) && (schema.$ref ?? null) !== null) schema = targetOf(root, schema.$ref);
  const type = isJsonObject(schema) ? schema.type : undefined;
  return type === 'object' ? undefined : notOfObjects(type);
}
