import { isJsonObject, type JsonObject } from '../base/json.ts';
import { isNullKeyword } from './keywords.ts';
import { mapSubschemas, walk } from './subschemas.ts';

/** Returns the schema without keywords that are null, such as `required: null`: providers refuse them. */
export function withoutNulls(schema: JsonObject): JsonObject {
  for (const visit of walk(schema)) if (hasNull(visit.schema)) return strip(schema);
  return schema;
}

function hasNull(schema: unknown): boolean {
  return isJsonObject(schema) && Object.entries(schema).some(([name, value]) => isNullKeyword(name, value));
}

function strip(schema: JsonObject): JsonObject {
  const kept = Object.entries(schema).filter(([name, value]) => !isNullKeyword(name, value));
  return mapSubschemas(Object.fromEntries(kept), (subschema) =>
    isJsonObject(subschema) ? strip(subschema) : subschema,
  );
}
