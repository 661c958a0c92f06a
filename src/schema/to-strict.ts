import { isJsonObject, type JsonObject } from '../base/json.ts';
import { describeKeywords } from './describe-keywords.ts';
import { isUnsupportedInStrict, isStrictFormat } from './strict-problem.ts';
import { typeOf, typesOf, valuesOf } from './types.ts';

/**
 * Names of the properties for which null stands for "absent", by the `properties` object that contains them.
 * Kept beside the strict schema, which cannot express this.
 */
export type NullPlaceholders = WeakMap<object, ReadonlySet<string>>;

export interface StrictContext {
  readonly placeholders: NullPlaceholders;
  readonly areDisjoint: (branches: readonly unknown[]) => boolean;
  readonly admitsNull: (schema: unknown) => boolean;
}

/** Annotations that strict schemas keep. */
const ANNOTATIONS = ['title', 'description'];

/** Annotations that strict schemas lack; they move into the description. */
const DESCRIBED = ['default', 'examples'];

const CONSTRAINTS = {
  values: ['enum', 'const'],
  strings: ['pattern', 'format', 'minLength', 'maxLength'],
  numbers: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  lengths: ['minItems', 'maxItems'],
  structure: ['type', 'properties', 'required', 'additionalProperties', 'items'],
  others: ['$ref', 'anyOf', 'oneOf', 'allOf'],
};

/**
 * Supported keywords that constrain a value. Keywords that are neither here nor unsupported are dropped as
 * annotations.
 */
const constraints: ReadonlySet<string> = new Set(Object.values(CONSTRAINTS).flat());

/** Keywords that are copied unchanged. */
const UNCHANGED = [
  ...CONSTRAINTS.values,
  ...CONSTRAINTS.strings,
  ...CONSTRAINTS.numbers,
  ...CONSTRAINTS.lengths,
];

/**
 * Returns the strict form of one hoisted schema, which accepts only values that the schema accepts; undefined
 * if there is none.
 */
export function toStrict(given: unknown, context: StrictContext): JsonObject | undefined {
  if (!isJsonObject(given)) return undefined;
  const schema = simplify(given, context);
  if (Object.keys(schema).some(isUnsupportedInStrict)) return undefined;
  if (schema.$ref !== undefined) return toStrictReference(schema);
  if (schema.anyOf !== undefined) return toStrictUnion(schema, context);
  return toStrictTyped(schema, context);
}

/** Replaces an `allOf` of one schema by that schema, and a `oneOf` of disjoint schemas by an `anyOf`. */
function simplify(schema: JsonObject, context: StrictContext): JsonObject {
  const { allOf, oneOf, ...others } = schema;
  if (
    Array.isArray(allOf) &&
    allOf.length === 1 &&
    isJsonObject(allOf[0]) &&
    hasOnlyConstraint(schema, 'allOf')
  ) {
    return simplify({ ...allOf[0], ...others }, context);
  }
  if (Array.isArray(oneOf) && hasOnlyConstraint(schema, 'oneOf') && context.areDisjoint(oneOf)) {
    return { ...others, anyOf: oneOf };
  }
  return schema;
}

function hasOnlyConstraint(schema: JsonObject, keyword: string): boolean {
  return Object.keys(schema).every(
    (name) => name === keyword || !(constraints.has(name) || isUnsupportedInStrict(name)),
  );
}

/**
 * Wraps a reference that has annotations in a schema, because strict schemas allow no keywords beside `$ref`.
 */
function toStrictReference(schema: JsonObject): JsonObject | undefined {
  if (!hasOnlyConstraint(schema, '$ref')) return undefined;
  const notes = annotationsOf(schema);
  const reference = { $ref: schema.$ref };
  return Object.keys(notes).length === 0 ? reference : { ...notes, anyOf: [reference] };
}

function toStrictUnion(schema: JsonObject, context: StrictContext): JsonObject | undefined {
  if (!hasOnlyConstraint(schema, 'anyOf')) return undefined;
  const branches = (schema.anyOf as unknown[]).map((branch) => toStrict(branch, context));
  return branches.includes(undefined) ? undefined : { ...annotationsOf(schema), anyOf: branches };
}

function toStrictTyped(schema: JsonObject, context: StrictContext): JsonObject | undefined {
  const types = schema.type === undefined ? guessTypes(schema) : typesOf(schema);
  const values = valuesOf(schema) ?? [];
  if (types.length === 0 || values.some((value) => typeof value === 'object' && value !== null))
    return undefined;
  const object = types.includes('object') ? toStrictObject(schema, context) : {};
  const array = types.includes('array') ? toStrictItems(schema, context) : {};
  if (!object || !array) return undefined;
  const type = types.length === 1 ? types[0] : types;
  return {
    ...annotationsOf(schema),
    type,
    ...pick(
      schema,
      UNCHANGED.filter((name) => isConstraint(name, schema)),
    ),
    ...object,
    ...array,
  };
}

/** Infers the types of a schema that names none. */
function guessTypes(schema: JsonObject): readonly string[] {
  const values = valuesOf(schema);
  if (values) return [...new Set(values.map(typeOf))];
  if (schema.properties !== undefined) return ['object'];
  return schema.items === undefined ? [] : ['array'];
}

function toStrictObject(schema: JsonObject, context: StrictContext): JsonObject | undefined {
  const { properties, additionalProperties = false, required = [] } = schema;
  if (!isJsonObject(properties) || additionalProperties !== false) return undefined;
  const names = new Set(required as string[]);
  if (![...names].every((name) => Object.hasOwn(properties, name))) return undefined;
  const closed = toStrictProperties(properties, names, context);
  return closed && { properties: closed, required: Object.keys(closed), additionalProperties: false };
}

/**
 * Requires every property, with null for one that may be absent. An optional property whose own null has a
 * meaning becomes required without that.
 */
function toStrictProperties(
  properties: JsonObject,
  required: ReadonlySet<string>,
  context: StrictContext,
): JsonObject | undefined {
  const placeholders = new Set<string>();
  const entries: [string, JsonObject][] = [];
  for (const [name, property] of Object.entries(properties)) {
    const strict = toStrict(property, context);
    if (!strict) return undefined;
    const usesNull = !required.has(name) && !context.admitsNull(property);
    if (usesNull) placeholders.add(name);
    entries.push([name, usesNull ? orNull(strict) : strict]);
  }
  const closed = Object.fromEntries(entries);
  context.placeholders.set(closed, placeholders);
  return closed;
}

function toStrictItems(schema: JsonObject, context: StrictContext): JsonObject | undefined {
  const items = toStrict(schema.items, context);
  return items && { items };
}

function orNull(schema: JsonObject): JsonObject {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const isScalar = typeof schema.type === 'string' && !['object', 'array'].includes(schema.type);
  if (!isScalar || Object.hasOwn(schema, 'const')) return { anyOf: [schema, { type: 'null' }] };
  const values = Array.isArray(schema.enum) && { enum: [...schema.enum, null] };
  return { ...schema, type: [schema.type, 'null'], ...values };
}

/** Returns false for a format that strict schemas lack: it only moves into the description. */
function isConstraint(keyword: string, schema: JsonObject): boolean {
  return keyword !== 'format' || isStrictFormat(schema.format);
}

function annotationsOf(schema: JsonObject): JsonObject {
  const names =
    Object.hasOwn(schema, 'format') && !isConstraint('format', schema) ? [...DESCRIBED, 'format'] : DESCRIBED;
  const description = describeKeywords(schema.description, Object.entries(pick(schema, names)));
  return { ...pick(schema, ANNOTATIONS), ...(description !== undefined && { description }) };
}

function pick(schema: JsonObject, keywords: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keywords.includes(keyword)));
}
