/** A JSON object with unchecked fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Members of `JSON` that all supported versions of Node have but TypeScript's types lack. */
interface ExactJson {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  /** Returns a value that `JSON.stringify` writes as the given text. */
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

/** `JSON`, with access to the original text of numbers. */
export const exactJson = JSON as unknown as ExactJson;

/** Returns a copy of an object without keys whose value is undefined. */
export function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
