import { isJsonObject, type JsonObject } from '../../base/json.ts';

/** What an item of a type only tells to a client that asks for it: by the name in `include`, the path in the item. */
const HIDDEN: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  reasoning: { 'reasoning.encrypted_content': ['encrypted_content'] },
  web_search_call: {
    'web_search_call.results': ['results'],
    'web_search_call.action.sources': ['action', 'sources'],
  },
};

/** A response as a client gets it, of one with everything in it. */
export function showResponse(body: JsonObject, include: ReadonlySet<string>): JsonObject {
  if (!Array.isArray(body.output)) return body;
  return { ...body, output: (body.output as JsonObject[]).map((item) => showItem(item, include)) };
}

/** An item as a client gets it. */
export function showItem(item: JsonObject, include: ReadonlySet<string>): JsonObject {
  return Object.entries(HIDDEN[String(item.type)] ?? {})
    .filter(([name]) => !include.has(name))
    .reduce((shown, [, path]) => without(shown, path), item);
}

function without(value: JsonObject, [key, ...rest]: readonly string[]): JsonObject {
  if (key === undefined || !(key in value)) return value;
  if (rest.length === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const inner = value[key];
  return isJsonObject(inner) ? { ...value, [key]: without(inner, rest) } : value;
}
