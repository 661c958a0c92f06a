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

/** What became of a check; `problem` is a sentence without an end. */
export type Verdict =
  | { readonly type: 'fit' }
  | { readonly type: 'misfit'; readonly problem: string }
  /** No value can be checked against the schema. */
  | { readonly type: 'unusable'; readonly problem: string };

/** Compiled schemas that are kept: a conversation sends the same ones again and again. */
const MAX_KEPT = 50;

/** Characters of their JSON in total; for each one, a compiled schema takes up to some 100 bytes of memory. */
const MAX_CHARACTERS = 1_000_000;

/** Characters of a schema that says itself why it does not work. */
const MAX_LENGTH = 300;

/** Validates values, and keeps the schemas that it compiled last. */
export function createValidation(): (job: ValidationJob) => Verdict {
  const compiled = new Map<string, ValidateFunction>();
  let characters = 0;

  function find(schema: JsonObject): ValidateFunction {
    const text = JSON.stringify(schema);
    const validate = compiled.get(text) ?? compileSchema(schema);
    // A map keeps the order of insertion: the first one is that which was not used for longest.
    forget(text);
    compiled.set(text, validate);
    characters += text.length;
    for (const oldest of compiled.keys()) {
      if (compiled.size <= MAX_KEPT && characters <= MAX_CHARACTERS) break;
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
      // Also a schema that refers to itself without end, which exhausts the stack.
      return { type: 'unusable', problem: excerpt(messageOf(error), MAX_LENGTH) };
    }
  };
}
