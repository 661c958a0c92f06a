import { isJsonObject, type JsonObject } from '../../../base/json.ts';

const KEYWORDS = ['$defs', 'definitions'] as const;

/** Matches a reference into the definitions at the root, the only kind that Codex resolves. */
const REFERENCE = /^#\/(\$defs|definitions)\/([^/]+)/;

/** Paths of definitions at the root of a schema, such as `$defs/City`. */
type DefinitionPaths = ReadonlySet<string>;

/** Returns the parts of a schema in which to look for references. */
type PartsOf = (value: unknown) => readonly unknown[];

/** Returns everything inside a value. */
export const allParts: PartsOf = (value) =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

/** Returns the parts in which Codex looks; it does not look into definitions further down. */
export const partsForCodex: PartsOf = (value) => {
  if (!isJsonObject(value)) return [];
  const { items, additionalProperties, properties, anyOf, oneOf, allOf } = value;
  return [items, additionalProperties, ...[properties, anyOf, oneOf, allOf].flatMap(allParts)];
};

/** Returns the definitions that the schema's references reach, directly or through other definitions. */
export function reachedDefinitions(schema: JsonObject, partsOf: PartsOf): DefinitionPaths {
  const { $defs, definitions, ...rest } = schema;
  const known = new Map(definitionsIn({ $defs, definitions }).map(([path, value]) => [path, value]));
  const reached = new Set<string>();
  if (known.size === 0) return reached;
  const pending = pathsIn(rest, partsOf);
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (reached.has(path) || !known.has(path)) continue;
    reached.add(path);
    for (const further of pathsIn(known.get(path), partsOf)) pending.push(further);
  }
  return reached;
}

/** Returns the root definitions that are wanted, by keyword and name, without empty keywords. */
export function pickDefinitions(schema: JsonObject, isWanted: (path: string) => boolean): JsonObject {
  const picked = KEYWORDS.map((keyword) => {
    const kept = definitionsIn({ [keyword]: schema[keyword] }).filter(([path]) => isWanted(path));
    return [keyword, Object.fromEntries(kept.map(([, value, name]) => [name, value]))] as const;
  });
  return Object.fromEntries(picked.filter(([, definitions]) => Object.keys(definitions).length > 0));
}

function definitionsIn(schema: JsonObject): (readonly [path: string, value: unknown, name: string])[] {
  return Object.entries(schema).flatMap(([keyword, definitions]) =>
    Object.entries(isJsonObject(definitions) ? definitions : {}).map(
      ([name, value]) => [`${keyword}/${name}`, value, name] as const,
    ),
  );
}

function pathsIn(value: unknown, partsOf: PartsOf): string[] {
  const deeper = partsOf(value).flatMap((part) => pathsIn(part, partsOf));
  const reference = isJsonObject(value) && typeof value.$ref === 'string' ? REFERENCE.exec(value.$ref) : null;
  return reference ? [`${reference[1]}/${decodeStep(reference[2]!)}`, ...deeper] : deeper;
}

/** Decodes a step of a JSON pointer in the fragment of a URL. */
function decodeStep(step: string): string {
  let text = step;
  try {
    text = decodeURIComponent(step);
  } catch {
    // The step is not percent-encoded.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
