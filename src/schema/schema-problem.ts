import { excerpt } from '../base/excerpt.ts';
import type { JsonPath } from '../base/json-path.ts';

/** What is wrong with a schema, and where in it. */
export interface SchemaProblem {
  /** The steps from the root of the schema to the subschema that is meant. */
  readonly path: JsonPath;
  /** The end of a sentence, as OpenAI writes it. */
  readonly why: string;
}

/** Writes a problem as OpenAI does: `In context=('properties', 'a'), 'allOf' is not permitted.` */
export function formatProblem({ path, why }: SchemaProblem): string {
  const steps = path.map((step) => `'${String(step)}'`).join(', ');
  return `In context=(${excerpt(path.length === 1 ? `${steps},` : steps)}), ${why}`;
}

/** The problem of a root that has another `type`, or none. */
export function notOfObjects(type: unknown): SchemaProblem {
  const got = JSON.stringify(type ?? 'None');
  return { path: [], why: `schema must be a JSON Schema of 'type: "object"', got 'type: ${got}'.` };
}
