/** A keyword of a JSON Schema and its value. */
export type Keyword = readonly [name: string, value: unknown];

/**
 * Returns a description extended by keywords that the schema itself cannot carry: `The city. (minLength: 1,
 * pattern: "^a")`. Returns undefined if there is neither a description nor a keyword.
 */
export function describeKeywords(description: unknown, lost: readonly Keyword[]): string | undefined {
  const text = typeof description === 'string' ? description : undefined;
  if (lost.length === 0) return text;
  const keywords = lost.map(([name, value]) => `${name}: ${JSON.stringify(value)}`).join(', ');
  return text ? `${text} (${keywords})` : `(${keywords})`;
}
