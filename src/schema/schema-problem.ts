import { excerpt } from '../base/excerpt.ts';
import type { JsonPath } from '../base/json-path.ts';

/** The first fault of a schema. */
export interface SchemaProblem {
  /** Path from the root of the schema to the faulty subschema. */
  readonly path: JsonPath;
  /** The end of a sentence, in OpenAI's words. */
  readonly reason: string;
}

/** Writes a problem as OpenAI does: `In context=('properties', 'a'), 'allOf' is not permitted.` */
export function formatSchemaProblem({ path, reason }: SchemaProblem): string {
  const steps = path.map((step) => `'${String(step)}'`).join(', ');
  return `In context=(${excerpt(path.length === 1 ? `${steps},` : steps)}), ${reason}`;
}

/** Returns the problem of a root whose `type` is not `object`. */
export function notAnObjectSchema(type: unknown): SchemaProblem {
  const got = JSON.stringify(type ?? 'None');
  return { path: [], reason: `schema must be a JSON Schema of 'type: "object"', got 'type: ${got}'.` };
}
