import { z } from 'zod';
import { describeIssue } from '../../base/describe-issue.ts';
import { GatewayError } from '../../base/errors.ts';

/** Checks a request body or query. Throws a `GatewayError` that names the wrong field; unknown fields are ignored. */
export function decodeRequest<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value ?? {});
  if (result.success) return result.data;
  const { param, problem } = describeIssue(result.error.issues[0]!);
  if (param === '') throw new GatewayError('invalid_json', 'The request body must be a JSON object.');
  throw new GatewayError('invalid_value', `Invalid '${param}': ${problem}.`, { param });
}

/** Levels of lists and objects that a free value has at most: deeper ones cannot be written everywhere. */
const MAX_LEVELS = 100;

/** Returns true for a value of few levels that has at most so many characters as JSON. */
export function isShortJson(value: unknown, maxCharacters: number): boolean {
  return hasFewLevels(value, MAX_LEVELS) && JSON.stringify(value).length <= maxCharacters;
}

function hasFewLevels(value: unknown, levelsLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levelsLeft > 0 && Object.values(value).every((part) => hasFewLevels(part, levelsLeft - 1));
}

/** Returns the schema of a text that may be missing; clients also send null or nothing but spaces for none. */
export function optionalText(maxCharacters: number) {
  return z
    .string()
    .trim()
    .max(maxCharacters)
    .nullish()
    .transform((text) => (text === null || text === '' ? undefined : text));
}

/** Returns the schema of one of some words, in any letter case; clients also send null or an empty text for none. */
export function optionalWord<const T extends readonly string[]>(words: T) {
  return z.preprocess(plainWord, z.enum(words).nullish()).transform((word) => word ?? undefined);
}

function plainWord(value: unknown): unknown {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  return word === '' ? undefined : word;
}
