import type { ErrorObject } from 'ajv';
import { excerpt } from '../../base/excerpt.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';

/** Mistakes that are told; the rest commonly follow from them. */
const MAX_TOLD = 2;

/** Characters for one mistake: names and values in it are the caller's or the model's. */
const MAX_LENGTH = 300;

/** The keywords whose message leaves out what it is about. */
const SUBJECTS: Readonly<Record<string, string>> = {
  additionalProperties: 'additionalProperty',
  unevaluatedProperties: 'unevaluatedProperty',
  propertyNames: 'propertyName',
  enum: 'allowedValues',
  const: 'allowedValue',
};

/** The first mistakes of a value, as in `'user.age' must be integer`. */
export function describeMismatch(errors: readonly ErrorObject[], value: unknown): string {
  return errors
    .slice(0, MAX_TOLD)
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

/** A JSON pointer does not tell the index of an array from a key; the value does. */
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
