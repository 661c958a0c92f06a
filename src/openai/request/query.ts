/** The parsed query of a URL; a parameter that occurs more than once is a list. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** Returns the values of `include`, which clients write once for each value, with or without brackets. */
export function decodeInclude(query: Query): ReadonlySet<string> {
  const parameters = Object.entries(query).filter(([name]) => /^include(\[\d*\])?$/.test(name));
  return new Set(parameters.flatMap(([, value]) => value ?? []));
}
