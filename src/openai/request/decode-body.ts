import type { z } from 'zod';
import { describeIssue } from '../../base/describe-issue.ts';
import { GatewayError } from '../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { findTooDeep, valueAt, type JsonPath } from '../../base/json-path.ts';
import { invalidValue, missingParameter } from './refusals.ts';

/** The app-server never answers a request that is nested about 120 levels deep. */
const MAX_DEPTH = 64;

/** Returns a request body as it came; throws if it is not a JSON object. */
export function decodeObject(body: unknown): JsonObject {
  if (!isJsonObject(body)) {
    throw new GatewayError(
      'invalid_json',
      'The request body must be a JSON object, sent as application/json.',
    );
  }
  return body;
}

/** Returns a request body with the model of the setting `defaultModel` if it names none. */
export function decodeModelObject(
  body: unknown,
  { defaultModel }: { readonly defaultModel?: string | undefined },
): JsonObject {
  const object = decodeObject(body);
  return (object.model ?? null) === null ? { ...object, model: defaultModel } : object;
}

/** Checks a whole request body. */
export function decodeBody<T extends z.ZodType>(schema: T, body: object): z.output<T> {
  checkDepth(body);
  return decodeValue(schema, body, []);
}

/** Throws a `GatewayError` for a value nested too deep. */
export function checkDepth(body: unknown): void {
  const tooDeep = findTooDeep(body, MAX_DEPTH);
  if (tooDeep) throw invalidValue(tooDeep.slice(0, 3), `nested deeper than ${MAX_DEPTH} levels`);
}

/** Checks the value at a path of the request; an error names the wrong field in it. */
export function decodeValue<T extends z.ZodType>(schema: T, value: unknown, path: JsonPath): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw refusalOf(result.error.issues[0]!, value, path);
}

function refusalOf(issue: z.core.$ZodIssue, value: unknown, path: JsonPath): GatewayError {
  const { param, problem } = describeIssue(issue, path);
  const wrong = valueAt(value, issue.path);
  if (wrong === undefined) return missingParameter(param);
  return invalidValue(param, describeRange(issue, wrong) ?? problem);
}

/** Returns OpenAI's own words for a value out of range; undefined for another issue, or if the schema has its own words. */
function describeRange(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  const { code, message } = issue;
  if (code === 'too_big' && message.startsWith('Too big')) {
    if (typeof value !== 'number') return `expected at most ${countOf(issue.maximum, value)}`;
    return `${kindOf(value)} above maximum value. Expected a value <= ${issue.maximum}, but got ${value} instead`;
  }
  if (code !== 'too_small' || !message.startsWith('Too small')) return undefined;
  if (typeof value !== 'number') return `expected at least ${countOf(issue.minimum, value)}`;
  return `${kindOf(value)} below minimum value. Expected a value >= ${issue.minimum}, but got ${value} instead`;
}

const kindOf = (value: number) => (Number.isInteger(value) ? 'integer' : 'decimal');

function countOf(count: number | bigint, value: unknown): string {
  const isOne = Number(count) === 1;
  if (typeof value === 'string') return `${count} ${isOne ? 'character' : 'characters'}`;
  return `${count} ${isOne ? 'entry' : 'entries'}`;
}
