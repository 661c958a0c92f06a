import type { JsonObject } from '../base/json.ts';

/**
 * Matches a keyword in a description, as `describeKeywords` writes it: `The city. (minLength: 1, pattern:
 * "^a")`.
 */
const DESCRIBED_KEYWORD =
  /[(,] ?(minimum|maximum|exclusiveMinimum|exclusiveMaximum|multipleOf|minLength|maxLength|maxItems|format|pattern): ("(?:[^"\\]|\\.)*"|-?[\d.e+-]+)/gi;

/** Adds keywords that Codex cannot carry and that the description therefore contains. */
export function withDescribedKeywords(schema: JsonObject): JsonObject {
  const { description } = schema;
  if (typeof description !== 'string') return schema;
  const described = [...description.matchAll(DESCRIBED_KEYWORD)].map(
    ([, keyword, value]) => [keyword!, parse(value!)] as const,
  );
  return { ...Object.fromEntries(described), ...schema };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
