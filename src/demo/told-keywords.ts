import type { JsonObject } from '../base/json.ts';

/** A keyword in words, as `describeLost` writes it: `The city. (minLength: 1, pattern: "^a")`. */
const TOLD =
  /[(,] ?(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf|minLength|maxLength|maxItems|format|pattern): ("(?:[^"\\]|\\.)*"|-?[\d.e+-]+)/gi;

/** Adds the keywords that a schema's description tells because Codex cannot carry them. */
export function withToldKeywords(schema: JsonObject): JsonObject {
  const { description } = schema;
  if (typeof description !== 'string') return schema;
  const told = [...description.matchAll(TOLD)].map(
    ([, keyword, value]) => [keyword!, parse(value!)] as const,
  );
  return { ...Object.fromEntries(told), ...schema };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
