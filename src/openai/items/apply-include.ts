import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { itemKindOf } from './item-kinds.ts';

/** Removes from a complete response what its client did not ask for by `include`. */
export function applyIncludeToResponse(response: JsonObject, include: ReadonlySet<string>): JsonObject {
  if (!Array.isArray(response.output)) return response;
  const output = response.output as readonly JsonObject[];
  return { ...response, output: output.map((item) => applyInclude(item, include)) };
}

/** Removes from a complete item what its client did not ask for by `include`. */
export function applyInclude(item: JsonObject, include: ReadonlySet<string>): JsonObject {
  const kind = itemKindOf(String(item.type));
  const includable = kind && 'includable' in kind ? kind.includable : {};
  return Object.entries(includable)
    .filter(([name]) => !include.has(name))
    .reduce((shown, [, path]) => without(shown, path), item);
}

function without(value: JsonObject, [key, ...rest]: readonly string[]): JsonObject {
  if (key === undefined || !(key in value)) return value;
  if (rest.length === 0) return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
  const inner = value[key];
  return isJsonObject(inner) ? { ...value, [key]: without(inner, rest) } : value;
}
