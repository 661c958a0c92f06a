/** The query of a URL, as it was parsed: what is given more than once is a list. */
export type Query = Readonly<Record<string, string | string[] | undefined>>;

/** `include`, which clients write in several ways: once for each of its values, with or without brackets. */
export function decodeInclude(query: Query): ReadonlySet<string> {
  const given = Object.entries(query).filter(([name]) => /^include(\[\d*\])?$/.test(name));
  return new Set(given.flatMap(([, value]) => value ?? []));
}
