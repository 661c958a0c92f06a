import { exactJson } from '../../base/exact-json.ts';
import { isJsonObject } from '../../base/json.ts';
import type { JsonPath } from '../../base/json-path.ts';

/**
 * Writes a value that was parsed from a JSON text, or from the place in it, and may have lost properties since. Numbers
 * are written as they stand in the text, also those that JavaScript cannot hold.
 */
export function writePart(part: unknown, text: string, path: JsonPath = []): string {
  const whole = exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? exactJson.rawJSON(source)
      : value,
  );
  const exact = path.reduce(memberOf, whole);
  return JSON.stringify(withNumbersOf(exact, part));
}

function withNumbersOf(exact: unknown, part: unknown): unknown {
  if (exactJson.isRawJSON(exact)) return exact;
  if (Array.isArray(part))
    return part.map((element, index) => withNumbersOf(memberOf(exact, index), element));
  if (!isJsonObject(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, withNumbersOf(memberOf(exact, name), value)]),
  );
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown>)[key];
}
