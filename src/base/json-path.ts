import { excerpt } from './excerpt.ts';

/** The steps from the root of a JSON document to a value in it. */
export type JsonPath = readonly PropertyKey[];

/** Formats a path like OpenAI's `param`: `messages[2].content[0].text`. */
export function formatPath(path: JsonPath): string {
  return excerpt(joinPath(path));
}

function joinPath(path: JsonPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? String(step) : `${text}.${String(step)}`;
  }, '');
}

/**
 * Returns a path that `formatPath` has written with `*` in place of every unknown key, since a key that the caller made up
 * may hold a secret.
 */
export function maskPath(path: string, isKnown: (key: string) => boolean): string {
  return path
    .slice(0, 200)
    .replaceAll(/\[\d{0,9}\]|[^.[\]]+/g, (step) => (step.startsWith('[') || isKnown(step) ? step : '*'));
}

/** Returns the value at a path; undefined if there is none. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (parent, step) => (parent as Record<PropertyKey, unknown> | null | undefined)?.[step],
    value,
  );
}

/**
 * Returns the path of the first value nested deeper than `limit`; undefined if there is none. It never descends past the
 * limit, so no document can exhaust the stack.
 */
export function findTooDeep(value: unknown, limit: number): JsonPath | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (limit === 0) return [];
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const found = findTooDeep(value[index], limit - 1);
      if (found) return [index, ...found];
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    const found = findTooDeep((value as Record<string, unknown>)[key], limit - 1);
    if (found) return [key, ...found];
  }
  return undefined;
}
