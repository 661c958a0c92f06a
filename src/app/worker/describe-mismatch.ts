import type { ErrorObject } from 'ajv';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';

/** Maximum number of mistakes that are named; the others usually follow from them. */
const MAX_MISTAKES = 2;

/** Maximum characters for one mistake, which may quote names and values of the caller or the model. */
const MAX_LENGTH = 300;

/** Keywords whose messages do not name their subject, each with the parameter that has it. */
const SUBJECTS: Readonly<Record<string, string>> = {
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
  enum: 'allowedValues',
  const: 'allowedValue',
};

/** Describes the first mistakes in a value, such as `'user.age' must be integer`. */
export function describeMismatch(errors: readonly ErrorObject[], value: unknown): string {
  return errors
    .slice(0, MAX_MISTAKES)
    .map((error) => excerpt(describe(error, value), MAX_LENGTH))
    .join('; ');
}

function describe({ instancePath, keyword, message, params }: ErrorObject, value: unknown): string {
  const path = formatPath(pathOf(instancePath, value));
  const place = path === '' ? 'the value' : `'${path}'`;
  const subject: unknown = params[SUBJECTS[keyword] ?? ''];
  const text = `${place} ${message ?? `does not follow '${keyword}'`}`;
  return subject === undefined ? text : `${text}: ${JSON.stringify(subject)}`;
}

/** Parses a JSON pointer into a path. A pointer does not distinguish array indexes from keys; the value does. */
function pathOf(pointer: string, root: unknown): JsonPath {
  let value = root;
  return pointer
    .split('/')
    .slice(1)
    .map((step) => {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const isIndex = Array.isArray(value);
      value = (value as Record<string, unknown> | undefined)?.[key];
      return isIndex ? Number(key) : key;
    });
}
