import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '../../base/json.ts';
import { compilePattern } from '../../schema/pattern.ts';
import { describeMismatch } from './describe-mismatch.ts';

/** A pattern of another language only tells the model something: everything matches it. */
const regExp = Object.assign((pattern: string) => compilePattern(pattern) ?? /(?:)/, { code: 'new RegExp' });

/** Decimal places to which a number is a multiple of another: 0.07 is one of 0.01, whatever binary fractions make of it. */
const PRECISION = 9;

const OPTIONS: Options = {
  strict: false,
  validateFormats: false,
  multipleOfPrecision: PRECISION,
  logger: false,
  code: { regExp },
};

/**
 * A schema of a caller gets an instance to itself, so that an `$id` in it means nothing to the next one. With a thousand
 * properties the optimizer takes seconds; and to stop at the first error nests an `if` in each one before it, which
 * exhausts the stack.
 */
const ALONE: Options = {
  ...OPTIONS,
  meta: false,
  validateSchema: false,
  allErrors: true,
  code: { regExp, optimize: false },
};

interface Dialect {
  /** Knows the schema of schemas, and sees no values. */
  readonly examiner: Ajv | Ajv2020;
  compile(schema: JsonObject): ValidateFunction;
}

const DRAFT_2020: Dialect = {
  examiner: new Ajv2020(OPTIONS),
  compile: (schema) => new Ajv2020(ALONE).compile(schema),
};

const DRAFT_07: Dialect = {
  examiner: new Ajv(OPTIONS),
  compile: (schema) => new Ajv(ALONE).compile(schema),
};

/**
 * Compiles a schema, in the dialect that it names where that is a known one, else in whichever it follows. Throws what is
 * wrong with it, as a sentence.
 */
export function compileSchema(document: JsonObject): ValidateFunction {
  // `$async` is no keyword of any dialect; it would make the validator one that always looks content.
  const { $schema, $async: _async, ...schema } = document;
  const [likely, other] = namesOldDraft($schema) ? [DRAFT_07, DRAFT_2020] : [DRAFT_2020, DRAFT_07];
  try {
    return compileIn(likely, schema);
  } catch (error) {
    try {
      return compileIn(other, schema);
    } catch {
      throw error;
    }
  }
}

function namesOldDraft(dialect: unknown): boolean {
  return typeof dialect === 'string' && /\/draft-0[3467]\//.test(dialect);
}

function compileIn({ examiner, compile }: Dialect, schema: JsonObject): ValidateFunction {
  if (examiner.validateSchema(schema) !== true)
    throw new Error(describeMismatch(examiner.errors ?? [], schema));
  return compile(schema);
}
