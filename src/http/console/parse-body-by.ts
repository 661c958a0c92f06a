import type { z } from 'zod';
import { describeIssue } from '../../base/describe-issue.ts';
import { GatewayError } from '../../base/errors.ts';
import type { Context } from '../requests/context.ts';

/** Returns the body of a request in the form of a schema. Throws a `GatewayError` that names the field that is wrong. */
export function parseBodyBy<T extends z.ZodType>(schema: T, ctx: Context): z.output<T> {
  return parseBy(schema, ctx.request.body ?? {});
}

/** Returns the query of a request in the form of a schema. Throws a `GatewayError` that names the field that is wrong. */
export function parseQueryBy<T extends z.ZodType>(schema: T, ctx: Context): z.output<T> {
  return parseBy(schema, { ...ctx.query });
}

function parseBy<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { param, problem } = describeIssue(result.error.issues[0]!);
  throw new GatewayError('invalid_value', `Invalid '${param}': ${problem}.`, { param });
}
