/** A keyword of a JSON Schema and its value. */
export type Keyword = readonly [name: string, value: unknown];

/**
 * A description that tells what the schema beside it lacks: `The city. (minLength: 1, pattern: "^a")`. Undefined when
 * there is nothing to say.
 */
export function describeLost(description: unknown, lost: readonly Keyword[]): string | undefined {
  const text = typeof description === 'string' ? description : undefined;
  if (lost.length === 0) return text;
  const keywords = lost.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ');
  return text ? `${text} (${keywords})` : `(${keywords})`;
}
