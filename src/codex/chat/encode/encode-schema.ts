import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { typeOf, typesOf } from '../../../schema/types.ts';
import { describeKeywords, type Keyword } from '../../../schema/describe-keywords.ts';
import { isReadable } from './large-numbers.ts';

export interface SchemaOptions {
  /** True if descriptions are sent, including notes on dropped keywords. */
  readonly describe: boolean;
}

/** Returns a keyword's value as Codex keeps it, or undefined if Codex would refuse or drop it. */
type Encode = (value: unknown, options: SchemaOptions) => unknown;

/** Keywords that Codex keeps. The others are written into the description. */
const KEPT: Readonly<Record<string, Encode>> = {
  $ref: (value) => (typeof value === 'string' ? value : undefined),
  type: encodeType,
  enum: (value) => (Array.isArray(value) && isReadable(value) ? value : undefined),
  const: (value) => (isReadable(value) ? [value] : undefined),
  items: encodeOne,
  minItems: (value) => (Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined),
  properties: encodeMap,
  required: (value) => (isTextList(value) ? value : undefined),
  additionalProperties: (value, options) => (typeof value === 'boolean' ? value : encodeOne(value, options)),
  anyOf: encodeList,
  oneOf: encodeList,
  allOf: encodeList,
  $defs: encodeMap,
  definitions: encodeMap,
};

/** Keywords that Codex knows by another name. */
const RENAMED: Readonly<Record<string, string>> = { const: 'enum' };

/** Keywords that lose their usual sense beside another keyword. */
const OVERRULED: Readonly<Record<string, string>> = { enum: 'const', items: 'prefixItems' };

/** Keywords that do not constrain the value. */
const ANNOTATIONS = new Set(['$schema', '$id', '$comment', '$vocabulary']);

/**
 * Encodes a JSON Schema in the form that Codex sends unchanged. Keywords that this form lacks are written into the
 * description of the same schema, together with the keywords in `further`.
 */
export function encodeSchema(
  schema: unknown,
  options: SchemaOptions,
  further: readonly Keyword[] = [],
): JsonObject {
  const { description, ...keywords } = toObject(schema);
  const kept: Record<string, unknown> = {};
  const lost: Keyword[] = [];
  for (const [keyword, value] of Object.entries(keywords)) {
    if (ANNOTATIONS.has(keyword)) continue;
    const encoded = encodeKeyword(keyword, value, { schema: keywords, options });
    if (encoded === undefined) lost.push([keyword, value]);
    else kept[RENAMED[keyword] ?? keyword] = encoded;
  }
  const text = options.describe ? describeKeywords(description, [...lost, ...further]) : undefined;
  return complete(text === undefined ? kept : { ...kept, description: text });
}

/** Returns a boolean schema as an object: `true` allows everything, `false` nothing. */
function toObject(schema: unknown): JsonObject {
  if (isJsonObject(schema)) return schema;
  return schema === false ? { not: {} } : {};
}

interface KeywordContext {
  readonly schema: JsonObject;
  readonly options: SchemaOptions;
}

function encodeKeyword(keyword: string, value: unknown, { schema, options }: KeywordContext): unknown {
  const overruled = Object.hasOwn(OVERRULED, keyword) && Object.hasOwn(schema, OVERRULED[keyword]!);
  if (overruled || !Object.hasOwn(KEPT, keyword)) return undefined;
  return KEPT[keyword]!(value, options);
}

/** Adds the type, items and properties that Codex would otherwise add in a way that narrows the schema. */
function complete(schema: JsonObject): JsonObject {
  const type = schema.type ?? impliedType(schema);
  const types = typesOf({ type });
  return {
    ...(type !== undefined && { type }),
    ...(types.includes('array') && { items: {} }),
    ...(types.includes('object') && { properties: {} }),
    ...schema,
  };
}

const isSchema = (value: unknown) => typeof value === 'boolean' || isJsonObject(value);

function encodeOne(value: unknown, options: SchemaOptions): JsonObject | undefined {
  return isSchema(value) ? encodeSchema(value, options) : undefined;
}

function encodeList(value: unknown, options: SchemaOptions): JsonObject[] | undefined {
  if (!Array.isArray(value) || !value.every(isSchema)) return undefined;
  return value.map((schema) => encodeSchema(schema, options));
}

function encodeMap(value: unknown, options: SchemaOptions): JsonObject | undefined {
  if (!isJsonObject(value) || !Object.values(value).every(isSchema)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([name, schema]) => [name, encodeSchema(schema, options)]),
  );
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

const TYPES: readonly unknown[] = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** All types, for a schema that needs one: Codex drops a schema without a type, even its description. */
const ANY_TYPE = ['string', 'number', 'boolean', 'object', 'array', 'null'];

/** Types that keywords imply in a schema without a type; the first keyword present decides. */
const IMPLIED: readonly (readonly [keyword: string, type: string])[] = [
  ['properties', 'object'],
  ['required', 'object'],
  ['additionalProperties', 'object'],
  ['items', 'array'],
];

/** Keywords that take the place of a type. */
const TYPED = ['$ref', 'anyOf', 'oneOf', 'allOf'];

/** Returns a type that Codex knows, or a list of types, or undefined for any other value. */
function encodeType(value: unknown): unknown {
  const types = typesOf({ type: value });
  if (types.length === 0 || !types.every((type) => TYPES.includes(type))) return undefined;
  return types.length === 1 ? types[0] : types;
}

/** Returns the type to add to a schema without one, or undefined if it needs none. */
function impliedType(schema: JsonObject): string | string[] | undefined {
  if (TYPED.some((keyword) => keyword in schema)) return undefined;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return typeOfValues(schema.enum);
  const implied = IMPLIED.find(([keyword]) => keyword in schema)?.[1];
  return implied ?? (Object.keys(schema).length > 0 ? ANY_TYPE : undefined);
}

function typeOfValues(values: readonly unknown[]): string | string[] {
  const types = [...new Set(values.map(typeOf))];
  return types.length === 1 ? types[0]! : types;
}
