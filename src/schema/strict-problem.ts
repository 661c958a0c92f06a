import { isJsonObject, type JsonObject } from '../base/json.ts';
import type { JsonPath } from '../base/json-path.ts';
import { findOverLimit, type Limits } from './limits.ts';
import { compilePattern } from './pattern.ts';
import { notOfObjects, type SchemaProblem } from './schema-problem.ts';
import { walk } from './subschemas.ts';
import { typesOf } from './types.ts';

/** OpenAI's own, of https://platform.openai.com/docs/guides/structured-outputs. */
const LIMITS: Limits = {
  depth: 64,
  objects: 10,
  schemas: 20_000,
  properties: 5000,
  enumValues: 1000,
  characters: 120_000,
};

/** Keywords of JSON Schema that constrained sampling cannot follow. */
const REFUSED = {
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

const refused: ReadonlySet<string> = new Set(Object.values(REFUSED).flat());

/** The values of `format`. */
const FORMATS: ReadonlySet<unknown> = new Set(
  'date-time time date duration email hostname ipv4 ipv6 uuid'.split(' '),
);

const NOT_AT_ROOT = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];

/** One of them says what a value is. */
const SAYING = ['type', '$ref', 'anyOf', 'enum', 'const'];

type Rule = (schema: JsonObject) => string | undefined;

const RULES: readonly Rule[] = [
  whyRefused,
  whyBesideReference,
  whyUntyped,
  whyOpen,
  whyOptional,
  whyItemless,
  whyFormat,
  whyPattern,
];

/** Whether no strict schema can have the keyword. */
export function isRefusedInStrict(keyword: string): boolean {
  return refused.has(keyword);
}

/** Whether a strict schema can have the value of `format`. */
export function isStrictFormat(format: unknown): boolean {
  return FORMATS.has(format);
}

/** The first place where a checked schema breaks a rule of OpenAI's strict structured outputs. */
export function findNotStrict(root: JsonObject): SchemaProblem | undefined {
  const problem = checkRoot(root) ?? findOverLimit(root, LIMITS);
  if (problem) return problem;
  for (const { path, schema } of walk(root)) {
    if (isClosing(path, schema)) continue;
    const why = isJsonObject(schema) ? findWhy(schema) : "schema must have a 'type' key.";
    if (why !== undefined) return { path, why };
  }
  return undefined;
}

function checkRoot(root: JsonObject): SchemaProblem | undefined {
  if (NOT_AT_ROOT.some((keyword) => Object.hasOwn(root, keyword))) {
    const keywords = NOT_AT_ROOT.map((keyword) => `'${keyword}'`).join('/');
    return { path: [], why: `schema must have type 'object' and not have ${keywords} at the top level.` };
  }
  return root.type === 'object' ? undefined : notOfObjects(root.type);
}

/** `additionalProperties: false` is a schema too, and the only one of its kind that has to be there. */
function isClosing(path: JsonPath, schema: unknown): boolean {
  return schema === false && path.at(-1) === 'additionalProperties';
}

function findWhy(schema: JsonObject): string | undefined {
  for (const rule of RULES) {
    const why = rule(schema);
    if (why !== undefined) return why;
  }
  return undefined;
}

function whyRefused(schema: JsonObject): string | undefined {
  const keyword = Object.keys(schema).find(isRefusedInStrict);
  return keyword === undefined ? undefined : `'${keyword}' is not permitted.`;
}

function whyBesideReference(schema: JsonObject): string | undefined {
  if (schema.$ref === undefined) return undefined;
  const others = Object.keys(schema).filter((keyword) => keyword !== '$ref');
  if (others.length === 0) return undefined;
  return `$ref cannot have keywords {${others.map((keyword) => `'${keyword}'`).join(', ')}}.`;
}

function whyUntyped(schema: JsonObject): string | undefined {
  return SAYING.some((keyword) => Object.hasOwn(schema, keyword))
    ? undefined
    : "schema must have a 'type' key.";
}

function whyOpen(schema: JsonObject): string | undefined {
  if (!isOfObjects(schema) || schema.additionalProperties === false) return undefined;
  return "'additionalProperties' is required to be supplied and to be false.";
}

function whyOptional(schema: JsonObject): string | undefined {
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

function whyItemless(schema: JsonObject): string | undefined {
  if (!typesOf(schema).includes('array') || isJsonObject(schema.items)) return undefined;
  return 'array schema missing items.';
}

function whyFormat({ format }: JsonObject): string | undefined {
  return format === undefined || isStrictFormat(format)
    ? undefined
    : `${JSON.stringify(format)} is not a valid format.`;
}

function whyPattern({ pattern }: JsonObject): string | undefined {
  if (typeof pattern !== 'string') return undefined;
  if (!compilePattern(pattern)) return "'pattern' must be a regular expression.";
  const looksAround = /\(\?<?[=!]/.test(pattern.replaceAll(/\\./gs, ''));
  return looksAround ? "'pattern' must not look ahead or behind." : undefined;
}
