import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';
import { findOverLimit, type SchemaLimits } from './limits.ts';
import { compilePattern } from './pattern.ts';
import { notAnObjectSchema, type SchemaProblem } from './schema-problem.ts';
import { walk } from './subschemas.ts';
import { typesOf } from './types.ts';

/** Limits from https://platform.openai.com/docs/guides/structured-outputs. */
const LIMITS: SchemaLimits = {
  depth: 64,
  objects: 10,
  schemas: 20_000,
  properties: 5000,
  enumValues: 1000,
  characters: 120_000,
};

/** Keywords of JSON Schema that constrained sampling cannot follow. */
const UNSUPPORTED = {
  combining: ['allOf', 'oneOf', 'not', 'if', 'then', 'else'],
  ofDependence: ['dependencies', 'dependentRequired', 'dependentSchemas'],
  ofObjects: [
    'patternProperties',
    'propertyNames',
    'minProperties',
    'maxProperties',
    'unevaluatedProperties',
  ],
  ofArrays: ['prefixItems', 'additionalItems', 'unevaluatedItems', 'uniqueItems'],
  ofMembers: ['contains', 'minContains', 'maxContains'],
  ofContents: ['contentEncoding', 'contentMediaType', 'contentSchema'],
  ofReferences: ['$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveAnchor', '$recursiveRef'],
};

const unsupported: ReadonlySet<string> = new Set(Object.values(UNSUPPORTED).flat());

/** Supported values of `format`. */
const FORMATS: ReadonlySet<unknown> = new Set(
  'date-time time date duration email hostname ipv4 ipv6 uuid'.split(' '),
);

const NOT_AT_ROOT = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];

/** Keywords that determine the type of a value; a strict schema has at least one of them. */
const TYPE_KEYWORDS = ['type', '$ref', 'anyOf', 'enum', 'const'];

type StrictRule = (schema: JsonObject) => string | undefined;

const RULES: readonly StrictRule[] = [
  explainRefused,
  explainReference,
  explainMissingType,
  explainOpen,
  explainOptional,
  explainMissingItems,
  explainFormat,
  explainPattern,
];

/** Returns true if strict schemas cannot have the keyword. */
export function isUnsupportedInStrict(keyword: string): boolean {
  return unsupported.has(keyword);
}

/** Returns true if strict schemas can have this `format`. */
export function isStrictFormat(format: unknown): boolean {
  return FORMATS.has(format);
}

/** Returns the first rule of OpenAI's strict structured outputs that a checked schema breaks. */
export function findNotStrict(root: JsonObject): SchemaProblem | undefined {
  const problem = checkRoot(root) ?? findOverLimit(root, LIMITS);
  if (problem) return problem;
  for (const { path, schema } of walk(root)) {
    if (isClosedMarker(path, schema)) continue;
    const reason = isJsonObject(schema) ? findReason(schema) : "schema must have a 'type' key.";
    if (reason !== undefined) return { path, reason };
  }
  return undefined;
}

function checkRoot(root: JsonObject): SchemaProblem | undefined {
  if (NOT_AT_ROOT.some((keyword) => Object.hasOwn(root, keyword))) {
    const keywords = NOT_AT_ROOT.map((keyword) => `'${keyword}'`).join('/');
    return { path: [], reason: `schema must have type 'object' and not have ${keywords} at the top level.` };
  }
  return root.type === 'object' ? undefined : notAnObjectSchema(root.type);
}

/** Returns true for `additionalProperties: false`, the only boolean schema that strict schemas have. */
function isClosedMarker(path: JsonPath, schema: unknown): boolean {
  return schema === false && path.at(-1) === 'additionalProperties';
}

function findReason(schema: JsonObject): string | undefined {
  for (const rule of RULES) {
    const reason = rule(schema);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function explainRefused(schema: JsonObject): string | undefined {
  const keyword = Object.keys(schema).find(isUnsupportedInStrict);
  return keyword === undefined ? undefined : `'${keyword}' is not permitted.`;
}

function explainReference(schema: JsonObject): string | undefined {
  if (schema.$ref === undefined) return undefined;
  const others = Object.keys(schema).filter((keyword) => keyword !== '$ref');
  if (others.length === 0) return undefined;
  return `$ref cannot have keywords {${others.map((keyword) => `'${keyword}'`).join(', ')}}.`;
}

function explainMissingType(schema: JsonObject): string | undefined {
  return TYPE_KEYWORDS.some((keyword) => Object.hasOwn(schema, keyword))
    ? undefined
    : "schema must have a 'type' key.";
}

function explainOpen(schema: JsonObject): string | undefined {
  if (!isOfObjects(schema) || schema.additionalProperties === false) return undefined;
  return "'additionalProperties' is required to be supplied and to be false.";
}

function explainOptional(schema: JsonObject): string | undefined {
  if (!isOfObjects(schema)) return undefined;
  const names = Object.keys(isJsonObject(schema.properties) ? schema.properties : {});
  const required = new Set<unknown>(Array.isArray(schema.required) ? schema.required : []);
  const missing = names.find((name) => !required.has(name));
  if (missing !== undefined) {
    const rule =
      "'required' is required to be supplied and to be an array including every key in properties.";
    return `${rule} Missing '${missing}'.`;
  }
  const known = new Set<unknown>(names);
  const extra = [...required].find((name) => !known.has(name));
  return extra === undefined
    ? undefined
    : `'required' has a key that is not in properties: ${JSON.stringify(extra)}.`;
}

function isOfObjects(schema: JsonObject): boolean {
  return typesOf(schema).includes('object') || Object.hasOwn(schema, 'properties');
}

function explainMissingItems(schema: JsonObject): string | undefined {
  if (!typesOf(schema).includes('array') || isJsonObject(schema.items)) return undefined;
  return 'array schema missing items.';
}

function explainFormat({ format }: JsonObject): string | undefined {
  return format === undefined || isStrictFormat(format)
    ? undefined
    : `${JSON.stringify(format)} is not a valid format.`;
}

function explainPattern({ pattern }: JsonObject): string | undefined {
  if (typeof pattern !== 'string') return undefined;
  if (!compilePattern(pattern)) return "'pattern' must be a regular expression.";
  const looksAround = /\(\?<?[=!]/.test(pattern.replaceAll(/\\./gs, ''));
  return looksAround ? "'pattern' must not look ahead or behind." : undefined;
}
