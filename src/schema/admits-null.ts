import { isJsonObject, type JsonObject } from '../base/json.ts';
import { typesOf, valuesOf } from './types.ts';

type Resolve = (schema: unknown) => unknown;

/** Tells of the schemas of a document whether null fits them, as far as that can be told; `resolve` follows `$ref`s. */
export function createAdmitsNull(resolve: Resolve): (schema: unknown) => boolean {
  // Each schema is looked at once: many properties and unions may lead to the same one.
  const known = new Map<unknown, boolean>();
  const admits = (given: unknown): boolean => {
    const schema = resolve(given);
    const answer = known.get(schema) ?? (isJsonObject(schema) && look(schema));
    known.set(schema, answer);
    return answer;
  };
  const look = (schema: JsonObject): boolean => {
    const union = schema.anyOf ?? schema.oneOf;
    if (Array.isArray(union)) return union.some(admits);
    return Array.isArray(schema.allOf) ? schema.allOf.every(admits) : isOfNull(schema);
  };
  return admits;
}

function isOfNull(schema: JsonObject): boolean {
  const types = typesOf(schema);
  const values = valuesOf(schema);
  if (types.length === 0) return values?.includes(null) ?? false;
  return types.includes('null') && (values?.includes(null) ?? true);
}
