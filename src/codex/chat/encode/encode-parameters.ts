import type { JsonObject } from '../../../base/json.ts';
import { encodeSchema } from './encode-schema.ts';
import { allParts, pickDefinitions, reachedDefinitions, partsForCodex } from './schema-definitions.ts';

/** Maximum UTF-8 bytes of a schema. Codex strips the descriptions of a larger one, then its definitions and its depth. */
const MAX_SCHEMA_BYTES = 5000;

export interface EncodedParameters {
  readonly schema: JsonObject;
  /** Text for the tool's description, if the schema does not say everything. */
  readonly note: string | undefined;
}

/** Encodes the schema of a tool's arguments as Codex sends it. A large schema is also written out in the note. */
export function encodeParameters(parameters: JsonObject): EncodedParameters {
  const schema = encodeRoot(parameters);
  if (Buffer.byteLength(JSON.stringify(schema)) <= MAX_SCHEMA_BYTES) return { schema, note: undefined };
  return {
    schema: withReached(encodeSchema(parameters, { describe: false })),
    note: `JSON Schema of the arguments: ${JSON.stringify(parameters)}`,
  };
}

/** Writes definitions that only a dropped keyword refers to into the description, beside that keyword. */
function encodeRoot(root: JsonObject): JsonObject {
  const schema = encodeSchema(root, { describe: true });
  const reached = reachedDefinitions(schema, partsForCodex);
  const wanted = reachedDefinitions(root, allParts);
  const lost = pickDefinitions(root, (path) => wanted.has(path) && !reached.has(path));
  return withReached(encodeSchema(root, { describe: true }, Object.entries(lost)));
}

/** Keeps the definitions that the schema refers to. Codex drops the others. */
function withReached(schema: JsonObject): JsonObject {
  const { $defs: _defs, definitions: _definitions, ...rest } = schema;
  const reached = reachedDefinitions(schema, partsForCodex);
  return { ...rest, ...pickDefinitions(schema, (path) => reached.has(path)) };
}
