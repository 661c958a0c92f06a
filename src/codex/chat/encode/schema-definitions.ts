import { isJsonObject, type JsonObject } from '../../../base/json.ts';

const KEYWORDS = ['$defs', 'definitions'] as const;

/** A reference into the definitions at the root, as Codex knows it. */
const REFERENCE = /^#\/(\$defs|definitions)\/([^/]+)/;

/** Places of definitions at the root of a schema, such as `$defs/City`. */
export type Places = ReadonlySet<string>;

/** The parts of a schema in which references are looked for. */
export type Inside = (value: unknown) => readonly unknown[];

/** All that it holds, whatever that means. */
export const everythingInside: Inside = (value) =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

/** Where Codex looks; definitions further down are no such place. */
export const schemasInside: Inside = (value) => {
  if (!isJsonObject(value)) return [];
  const { items, additionalProperties, properties, anyOf, oneOf, allOf } = value;
  return [items, additionalProperties, ...[properties, anyOf, oneOf, allOf].flatMap(everythingInside)];
};

/** The definitions that references of the schema lead to, straight or by way of others. */
export function reachedDefinitions(schema: JsonObject, inside: Inside): Places {
  const { $defs, definitions, ...rest } = schema;
  const known = new Map(placesIn({ $defs, definitions }).map(([place, value]) => [place, value]));
  const reached = new Set<string>();
  if (known.size === 0) return reached;
  const waiting = placesMentionedIn(rest, inside);
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    if (reached.has(place) || !known.has(place)) continue;
    reached.add(place);
    for (const mentioned of placesMentionedIn(known.get(place), inside)) waiting.push(mentioned);
  }
  return reached;
}

/** The root definitions that are wanted, by keyword and name; a keyword without any is left out. */
export function pickDefinitions(schema: JsonObject, wanted: (place: string) => boolean): JsonObject {
  const picked = KEYWORDS.map((keyword) => {
    const places = placesIn({ [keyword]: schema[keyword] }).filter(([place]) => wanted(place));
    return [keyword, Object.fromEntries(places.map(([, value, name]) => [name, value]))] as const;
  });
  return Object.fromEntries(picked.filter(([, definitions]) => Object.keys(definitions).length > 0));
}

function placesIn(schema: JsonObject): (readonly [place: string, value: unknown, name: string])[] {
  return Object.entries(schema).flatMap(([keyword, definitions]) =>
    Object.entries(isJsonObject(definitions) ? definitions : {}).map(
      ([name, value]) => [`${keyword}/${name}`, value, name] as const,
    ),
  );
}

function placesMentionedIn(value: unknown, inside: Inside): string[] {
  const deeper = inside(value).flatMap((part) => placesMentionedIn(part, inside));
  const reference = isJsonObject(value) && typeof value.$ref === 'string' ? REFERENCE.exec(value.$ref) : null;
  return reference ? [`${reference[1]}/${decodeStep(reference[2]!)}`, ...deeper] : deeper;
}

/** A step of a JSON pointer, in the fragment of a URL. */
function decodeStep(step: string): string {
  let text = step;
  try {
    text = decodeURIComponent(step);
  } catch {
    // It is not encoded, then.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}
