import type { z } from 'zod';
import { didYouMean } from '../../base/closest.ts';
import { describeIssue } from '../../base/describe-issue.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';

/** Says in a sentence what is wrong with a config file. */
export function describeConfigIssue(given: z.core.$ZodIssue, schema: z.core.$ZodType): string {
  const issue = resolveInner(given);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    return `unknown key '${formatPath([...issue.path, key])}'.${didYouMean(key, keysAt(schema, issue.path))}`;
  }
  const { param, problem } = describeIssue(issue);
  return param === '' ? `${problem} at the top.` : `'${param}': ${problem}.`;
}

/** Returns the issue inside: if a value fits none of several forms, that of the last one, which has fields. */
function resolveInner(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  // A wrong key of a record has an issue of its own, without a path.
  if (issue.code === 'invalid_key' && issue.issues[0]) return { ...issue.issues[0], path: issue.path };
  if (issue.code !== 'invalid_union') return issue;
  const [inner] = issue.errors.at(-1) ?? [];
  if (inner === undefined) return issue;
  return { ...inner, path: [...issue.path, ...inner.path] };
}

/** Returns the keys that an object at a path may have. */
function keysAt(schema: z.core.$ZodType, path: JsonPath): string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [step, ...rest] = path;
  switch (def.type) {
    case 'object':
      if (step === undefined) return Object.keys(def.shape);
      return def.shape[String(step)] === undefined ? [] : keysAt(def.shape[String(step)]!, rest);
    case 'array':
      return keysAt(def.element, rest);
    case 'record':
      return step === undefined ? [] : keysAt(def.valueType, rest);
    case 'union':
      return def.options.flatMap((option) => keysAt(option, path));
    case 'default':
    case 'prefault':
    case 'optional':
      return keysAt(def.innerType, path);
    default:
      return [];
  }
}
