import type { ValidateFunction } from 'ajv';
import { messageOf } from '../../base/errors.ts';
import { excerpt } from '../../base/excerpt.ts';
import type { JsonObject } from '../../base/json.ts';
import { compileSchema } from './compile-schema.ts';
import { describeMismatch } from './describe-mismatch.ts';

export interface ValidationJob {
  readonly schema: JsonObject;
  readonly value: unknown;
}

/** The result of a check; `problem` is a sentence without its full stop. */
export type ValidationResult =
  | { readonly type: 'fit' }
  | { readonly type: 'misfit'; readonly problem: string }
  /** No value can be checked against the schema. */
  | { readonly type: 'unusable'; readonly problem: string };

/** Maximum number of compiled schemas in the cache: a conversation sends the same ones with every request. */
const MAX_CACHED = 50;

/** Maximum characters of their JSON in total; a compiled schema takes up to about 100 bytes of memory for each. */
const MAX_CHARACTERS = 1_000_000;

/** Maximum characters of a message about an unusable schema. */
const MAX_LENGTH = 300;

/**
 * Creates a validator that caches the schemas it used last.
 *
 * @param maxCharacters Maximum characters of the JSON of all cached schemas.
 */
export function createValidation(
  maxCharacters: number = MAX_CHARACTERS,
): (job: ValidationJob) => ValidationResult {
  const compiled = new Map<string, ValidateFunction>();
  let characters = 0;

  function find(schema: JsonObject): ValidateFunction {
    const text = JSON.stringify(schema);
    const validate = compiled.get(text) ?? compileSchema(schema);
    // A map keeps the order of insertion, so the first entry is the least recently used.
    forget(text);
    compiled.set(text, validate);
    characters += text.length;
    for (const oldest of compiled.keys()) {
      if (compiled.size <= MAX_CACHED && characters <= maxCharacters) break;
      forget(oldest);
    }
    return validate;
  }

  function forget(text: string): void {
    if (compiled.delete(text)) characters -= text.length;
  }

  return ({ schema, value }) => {
    try {
      const validate = find(schema);
      if (validate(value)) return { type: 'fit' };
      return { type: 'misfit', problem: describeMismatch(validate.errors ?? [], value) };
    } catch (error) {
      // This includes a schema that refers to itself endlessly, which overflows the stack.
      return { type: 'unusable', problem: excerpt(messageOf(error), MAX_LENGTH) };
    }
  };
}
