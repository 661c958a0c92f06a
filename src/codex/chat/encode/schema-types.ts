import type { JsonObject } from '../../../base/json.ts';
import { typeOf, typesOf } from '../../../schema/types.ts';

const TYPES: readonly unknown[] = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'];

/** Every value, for a schema that needs a type: of one without, Codex keeps nothing, not even the description. */
const ANY_TYPE = ['string', 'number', 'boolean', 'object', 'array', 'null'];

/** What a schema without a type is for, by the keywords it has; the first that is there decides. */
const IMPLIED: readonly (readonly [keyword: string, type: string])[] = [
  ['properties', 'object'],
  ['required', 'object'],
  ['additionalProperties', 'object'],
  ['items', 'array'],
];

/** Keywords that stand for a type. */
const TYPED = ['$ref', 'anyOf', 'oneOf', 'allOf'];

/** A `type` that Codex knows, or a list of them; undefined for any other value. */
export function encodeType(value: unknown): unknown {
  const types = typesOf({ type: value });
  if (types.length === 0 || !types.every((type) => TYPES.includes(type))) return undefined;
  return types.length === 1 ? types[0] : types;
}

/** The `type` of a schema that has none; undefined where it needs none. */
export function impliedType(schema: JsonObject): string | string[] | undefined {
  if (TYPED.some((keyword) => keyword in schema)) return undefined;
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return typeOfValues(schema.enum);
  const implied = IMPLIED.find(([keyword]) => keyword in schema)?.[1];
  return implied ?? (Object.keys(schema).length > 0 ? ANY_TYPE : undefined);
}

function typeOfValues(values: readonly unknown[]): string | string[] {
  const types = [...new Set(values.map(typeOf))];
  return types.length === 1 ? types[0]! : types;
}
