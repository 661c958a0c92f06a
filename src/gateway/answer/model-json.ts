import { exactJson, isJsonObject } from '../../base/json.ts';
import type { JsonPath } from '../../base/json-path.ts';

/** JSON as a model wrote it. */
export interface ModelJson {
  readonly value: unknown;
  /** The JSON to the letter: parsing and writing it again would lose large numbers. */
  readonly text: string;
}

/** Parses the JSON in a model's answer, with or without a code fence; returns undefined if there is none. */
export function parseModelJson(answer: string): ModelJson | undefined {
  const text = withoutFence(answer.trim()).trim();
  try {
    return { value: JSON.parse(text), text };
  } catch {
    return undefined;
  }
}

function withoutFence(text: string): string {
  const [head] = /^```(?:json)?[^\S\n]*\n/i.exec(text) ?? [];
  return head !== undefined && text.endsWith('```') ? text.slice(head.length, -'```'.length) : text;
}

/**
 * Writes a value that was parsed from a JSON text, or from a path in it, and may have lost properties since. Numbers keep
 * their spelling in the text, including those that JavaScript cannot hold.
 */
export function writePart(part: unknown, text: string, path: JsonPath = []): string {
  const complete = exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && source !== String(value)
      ? exactJson.rawJSON(source)
      : value,
  );
  const exact = path.reduce(memberOf, complete);
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
