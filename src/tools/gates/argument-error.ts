import type { z } from 'zod';
import { didYouMean } from '../../base/closest.ts';
import { describeIssue } from '../../base/describe-issue.ts';
import { GatewayError, type ErrorCode, type FieldProblem } from '../../base/errors.ts';
import { formatPath } from '../../base/json-path.ts';

/** Maximum number of fields that an error names. */
const MAX_FIELDS = 20;

/** Returns the error for arguments that do not fit a schema; unknown fields are named first. */
export function argumentError(issues: readonly z.core.$ZodIssue[], known: readonly string[]): GatewayError {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => unknownField(issue, key, known)) : [],
  );
  const wrong = issues.filter(({ code }) => code !== 'unrecognized_keys').map(wrongField);
  const fields = [...unknown, ...wrong].slice(0, MAX_FIELDS);
  const [first] = fields;
  const code: ErrorCode = unknown.length > 0 ? 'unknown_parameter' : 'invalid_value';
  const message = fields.map(describeField).join(' ');
  return new GatewayError(code, message, {
    fields,
    ...(first !== undefined && first.path.length > 0 && { param: formatPath(first.path) }),
  });
}

function unknownField({ path }: z.core.$ZodIssue, key: string, known: readonly string[]): FieldProblem {
  const hint = path.length === 0 ? didYouMean(key, known) : '';
  return { path: [...path, key], problem: `There is no such field.${hint}` };
}

function wrongField(issue: z.core.$ZodIssue): FieldProblem {
  const { problem } = describeIssue(issue);
  return { path: issue.path, problem: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.` };
}

function describeField({ path, problem }: FieldProblem): string {
  return path.length === 0 ? `The arguments: ${problem}` : `'${formatPath(path)}': ${problem}`;
}
