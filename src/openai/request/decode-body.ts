import type { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { isJsonObject, type JsonObject } from '../../base/json.ts';
import { findTooDeep, formatPath, valueAt, type JsonPath } from '../../base/json-path.ts';
import { plainIssue } from '../../base/plain-issue.ts';
import { invalidValue, missingParameter } from './refusals.ts';

/** The app-server never answers a request nested some hundred and twenty levels deep. */
const MAX_DEPTH = 64;

/** A request body as it came; throws where it is no JSON object. */
export function decodeObject(body: unknown): JsonObject {
  if (!isJsonObject(body)) {
    throw new GatewayError(
      'invalid_json',
      'The request body must be a JSON object, sent as application/json.',
    );
  }
  return body;
}

/** Returns a request body with the model that the set-up has for requests that name none. */
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
  if (tooDeep) throw invalidValue(formatPath(tooDeep.slice(0, 3)), `nested deeper than ${MAX_DEPTH} levels`);
}

/** Checks a value that stands at `base` in the request body; a mismatch names the field. */
export function decodeValue<T extends z.ZodType>(schema: T, value: unknown, base: JsonPath): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw describeIssue(result.error.issues[0]!, value, base);
}

function describeIssue(issue: z.core.$ZodIssue, value: unknown, base: JsonPath): GatewayError {
  const param = formatPath([...base, ...issue.path]);
  if (valueAt(value, issue.path) === undefined) return missingParameter(param);
  const found = valueAt(value, issue.path);
  return invalidValue(param, describeRange(issue, found) ?? plainIssue(issue.message));
}

/** The words that OpenAI has for a number out of range; undefined for anything else, and where a schema has its own. */
function describeRange(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  const { code, message } = issue;
  if (code === 'too_big' && message.startsWith('Too big')) {
    if (typeof value !== 'number') return `expected at most ${issue.maximum} ${unitOf(value)}`;
    return `${kindOf(value)} above maximum value. Expected a value <= ${issue.maximum}, but got ${value} instead`;
  }
  if (code !== 'too_small' || !message.startsWith('Too small')) return undefined;
  if (typeof value !== 'number') return `expected at least ${issue.minimum} ${unitOf(value)}`;
  return `${kindOf(value)} below minimum value. Expected a value >= ${issue.minimum}, but got ${value} instead`;
}

const kindOf = (value: number) => (Number.isInteger(value) ? 'integer' : 'decimal');
const unitOf = (value: unknown) => (typeof value === 'string' ? 'characters' : 'entries');
