import type { JsonObject } from '../../../base/json.ts';
import { encodeSchema } from './encode-schema.ts';
import {
  everythingInside,
  pickDefinitions,
  reachedDefinitions,
  schemasInside,
} from './schema-definitions.ts';

/** UTF-8 bytes. Codex strips the descriptions of a larger schema, and then its definitions and depths. */
const MAX_BYTES = 5000;

export interface EncodedParameters {
  readonly schema: JsonObject;
  /** What the tool's own description has to tell of them. */
  readonly told: string | undefined;
}

/** The arguments' schema in the form in which Codex sends it up; a large one is told as a whole as well. */
export function encodeParameters(parameters: JsonObject): EncodedParameters {
  const schema = encodeRoot(parameters);
  if (Buffer.byteLength(JSON.stringify(schema)) <= MAX_BYTES) return { schema, told: undefined };
  return {
    schema: withReached(encodeSchema(parameters, { describe: false })),
    told: `JSON Schema of the arguments: ${JSON.stringify(parameters)}`,
  };
}

/** Definitions to which only something leads that is told in words are told beside it. */
function encodeRoot(root: JsonObject): JsonObject {
  const schema = encodeSchema(root, { describe: true });
  const reached = reachedDefinitions(schema, schemasInside);
  const meant = reachedDefinitions(root, everythingInside);
  const lost = pickDefinitions(root, (place) => meant.has(place) && !reached.has(place));
  return withReached(encodeSchema(root, { describe: true }, Object.entries(lost)));
}

/** Codex drops the other definitions. */
function withReached(schema: JsonObject): JsonObject {
  const { $defs: _defs, definitions: _definitions, ...rest } = schema;
  const reached = reachedDefinitions(schema, schemasInside);
  return { ...rest, ...pickDefinitions(schema, (place) => reached.has(place)) };
}
