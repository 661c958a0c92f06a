import { isJsonObject, type JsonObject } from '../../../base/json.ts';
import { typesOf } from '../../../schema/types.ts';
import { describeLost, type Keyword } from '../../../schema/describe-lost.ts';
import { isReadable } from '../../protocol/large-numbers.ts';
import { encodeType, impliedType } from './schema-types.ts';

export interface SchemaOptions {
  /** Whether descriptions go along, and with them what is told there. */
  readonly describe: boolean;
}

/** Makes of a keyword's value what Codex keeps of it; undefined where it would refuse or drop it. */
type Encode = (value: unknown, options: SchemaOptions) => unknown;

/** Every keyword that Codex keeps. The rest is told in the description. */
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

/** Codex has no `const`. */
const RENAMED: Readonly<Record<string, string>> = { const: 'enum' };

/** Keywords that another one beside them leaves without their usual sense. */
const OVERRULED: Readonly<Record<string, string>> = { enum: 'const', items: 'prefixItems' };

/** Keywords that say nothing of the value. */
const SILENT = new Set(['$schema', '$id', '$comment', '$vocabulary']);

/**
 * A JSON Schema in the form in which Codex sends it up as it stands; what that form has no keyword for is told in the
 * description of the same place. `further` is told there, too.
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
    if (SILENT.has(keyword)) continue;
    const encoded = encodeKeyword(keyword, value, { schema: keywords, options });
    if (encoded === undefined) lost.push([keyword, value]);
    else kept[RENAMED[keyword] ?? keyword] = encoded;
  }
  const text = options.describe ? describeLost(description, [...lost, ...further]) : undefined;
  return complete(text === undefined ? kept : { ...kept, description: text });
}

/** `true` allows everything, and `false` nothing. */
function toObject(schema: unknown): JsonObject {
  if (isJsonObject(schema)) return schema;
  return schema === false ? { not: {} } : {};
}

interface Place {
  readonly schema: JsonObject;
  readonly options: SchemaOptions;
}

function encodeKeyword(keyword: string, value: unknown, { schema, options }: Place): unknown {
  const overruled = Object.hasOwn(OVERRULED, keyword) && Object.hasOwn(schema, OVERRULED[keyword]!);
  if (overruled || !Object.hasOwn(KEPT, keyword)) return undefined;
  return KEPT[keyword]!(value, options);
}

/** Adds what Codex would add otherwise, in a way that narrows the schema: a type, and what arrays and objects hold. */
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
