import { isJsonObject, type JsonObject } from '../base/json.ts';
import { describeLost } from './describe-lost.ts';
import { isRefusedInStrict, isStrictFormat } from './strict-problem.ts';
import { typeOf, typesOf, valuesOf } from './types.ts';

/**
 * The names of the properties whose null stands for a property left out, by the `properties` they are in. Kept beside
 * the strict schema, which has no place for it.
 */
export type Fillers = WeakMap<object, ReadonlySet<string>>;

export interface Strictening {
  readonly fillers: Fillers;
  readonly areDisjoint: (branches: readonly unknown[]) => boolean;
  readonly admitsNull: (schema: unknown) => boolean;
}

/** They tell the model something, and bind nobody; strict schemas know no others. */
const NOTES = ['title', 'description'];

/** They bind nobody either, and are told to the model in the description. */
const TOLD = ['default', 'examples'];

const BINDING = {
  values: ['enum', 'const'],
  strings: ['pattern', 'format', 'minLength', 'maxLength'],
  numbers: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  lengths: ['minItems', 'maxItems'],
  structure: ['type', 'properties', 'required', 'additionalProperties', 'items'],
  others: ['$ref', 'anyOf', 'oneOf', 'allOf'],
};

/** What is neither among them nor refused is an annotation or unknown, and left out. */
const binding: ReadonlySet<string> = new Set(Object.values(BINDING).flat());

/** They stay as they are. */
const KEPT = [...BINDING.values, ...BINDING.strings, ...BINDING.numbers, ...BINDING.lengths];

/** The strict form of one hoisted schema, whose instances are all the schema's own; undefined where there is none. */
export function toStrict(given: unknown, strictening: Strictening): JsonObject | undefined {
  if (!isJsonObject(given)) return undefined;
  const schema = withoutDetour(given, strictening);
  if (Object.keys(schema).some(isRefusedInStrict)) return undefined;
  if (schema.$ref !== undefined) return toReference(schema);
  if (schema.anyOf !== undefined) return toUnion(schema, strictening);
  return toTyped(schema, strictening);
}

/** An `allOf` of one schema is that schema, a `oneOf` of disjoint ones an `anyOf`. */
function withoutDetour(schema: JsonObject, strictening: Strictening): JsonObject {
  const { allOf, oneOf, ...others } = schema;
  if (Array.isArray(allOf) && allOf.length === 1 && isJsonObject(allOf[0]) && bindsOnlyBy(schema, 'allOf')) {
    return withoutDetour({ ...allOf[0], ...others }, strictening);
  }
  if (Array.isArray(oneOf) && bindsOnlyBy(schema, 'oneOf') && strictening.areDisjoint(oneOf)) {
    return { ...others, anyOf: oneOf };
  }
  return schema;
}

function bindsOnlyBy(schema: JsonObject, keyword: string): boolean {
  return Object.keys(schema).every(
    (name) => name === keyword || !(binding.has(name) || isRefusedInStrict(name)),
  );
}

/** A reference stands alone in a strict schema, so its notes need a schema around it. */
function toReference(schema: JsonObject): JsonObject | undefined {
  if (!bindsOnlyBy(schema, '$ref')) return undefined;
  const notes = notesOf(schema);
  const reference = { $ref: schema.$ref };
  return Object.keys(notes).length === 0 ? reference : { ...notes, anyOf: [reference] };
}

function toUnion(schema: JsonObject, strictening: Strictening): JsonObject | undefined {
  if (!bindsOnlyBy(schema, 'anyOf')) return undefined;
  const branches = (schema.anyOf as unknown[]).map((branch) => toStrict(branch, strictening));
  return branches.includes(undefined) ? undefined : { ...notesOf(schema), anyOf: branches };
}

function toTyped(schema: JsonObject, strictening: Strictening): JsonObject | undefined {
  const types = schema.type === undefined ? guessTypes(schema) : typesOf(schema);
  const values = valuesOf(schema) ?? [];
  if (types.length === 0 || values.some((value) => typeof value === 'object' && value !== null))
    return undefined;
  const object = types.includes('object') ? toClosed(schema, strictening) : {};
  const array = types.includes('array') ? toItems(schema, strictening) : {};
  if (!object || !array) return undefined;
  const type = types.length === 1 ? types[0] : types;
  return {
    ...notesOf(schema),
    type,
    ...pick(
      schema,
      KEPT.filter((name) => binds(name, schema)),
    ),
    ...object,
    ...array,
  };
}

/** What a schema without a type must be about. */
function guessTypes(schema: JsonObject): readonly string[] {
  const values = valuesOf(schema);
  if (values) return [...new Set(values.map(typeOf))];
  if (schema.properties !== undefined) return ['object'];
  return schema.items === undefined ? [] : ['array'];
}

function toClosed(schema: JsonObject, strictening: Strictening): JsonObject | undefined {
  const { properties, additionalProperties = false, required = [] } = schema;
  if (!isJsonObject(properties) || additionalProperties !== false) return undefined;
  const names = new Set(required as string[]);
  if (![...names].every((name) => Object.hasOwn(properties, name))) return undefined;
  const closed = toProperties(properties, names, strictening);
  return closed && { properties: closed, required: Object.keys(closed), additionalProperties: false };
}

/** Whatever may be left out may be null instead; where null says something already, it has to be there. */
function toProperties(
  properties: JsonObject,
  required: ReadonlySet<string>,
  strictening: Strictening,
): JsonObject | undefined {
  const fillers = new Set<string>();
  const entries: [string, JsonObject][] = [];
  for (const [name, property] of Object.entries(properties)) {
    const strict = toStrict(property, strictening);
    if (!strict) return undefined;
    const isFilled = !required.has(name) && !strictening.admitsNull(property);
    if (isFilled) fillers.add(name);
    entries.push([name, isFilled ? orNull(strict) : strict]);
  }
  const closed = Object.fromEntries(entries);
  strictening.fillers.set(closed, fillers);
  return closed;
}

function toItems(schema: JsonObject, strictening: Strictening): JsonObject | undefined {
  const items = toStrict(schema.items, strictening);
  return items && { items };
}

function orNull(schema: JsonObject): JsonObject {
  if (Array.isArray(schema.anyOf)) return { ...schema, anyOf: [...schema.anyOf, { type: 'null' }] };
  const isScalar = typeof schema.type === 'string' && !['object', 'array'].includes(schema.type);
  if (!isScalar || Object.hasOwn(schema, 'const')) return { anyOf: [schema, { type: 'null' }] };
  const values = Array.isArray(schema.enum) && { enum: [...schema.enum, null] };
  return { ...schema, type: [schema.type, 'null'], ...values };
}

/** By itself a format binds nobody: one that no strict schema can have is only told. */
function binds(keyword: string, schema: JsonObject): boolean {
  return keyword !== 'format' || isStrictFormat(schema.format);
}

function notesOf(schema: JsonObject): JsonObject {
  const names = Object.hasOwn(schema, 'format') && !binds('format', schema) ? [...TOLD, 'format'] : TOLD;
  const description = describeLost(schema.description, Object.entries(pick(schema, names)));
  return { ...pick(schema, NOTES), ...(description !== undefined && { description }) };
}

function pick(schema: JsonObject, keywords: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keywords.includes(keyword)));
}
