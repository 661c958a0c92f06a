import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '../../base/json.ts';
import { compilePattern } from '../../schema/pattern.ts';
import { describeMismatch } from './describe-mismatch.ts';

/** A pattern that is not JavaScript's is only a hint for the model, and matches everything. */
const regExp = Object.assign((pattern: string) => compilePattern(pattern) ?? /(?:)/, { code: 'new RegExp' });

/** Decimal places for `multipleOf`: 0.07 is a multiple of 0.01 despite binary fractions. */
const PRECISION = 9;

const OPTIONS: Options = {
  strict: false,
  validateFormats: false,
  multipleOfPrecision: PRECISION,
  logger: false,
  code: { regExp },
};

/**
 * Each schema of a caller gets its own Ajv instance, so that an `$id` in it does not affect the next one. With a thousand
 * properties the optimizer takes seconds, and stopping at the first error nests so many `if`s that the stack overflows.
 */
const ISOLATED: Options = {
  ...OPTIONS,
  meta: false,
  validateSchema: false,
  allErrors: true,
  code: { regExp, optimize: false },
};

interface Dialect {
  /** Validates schemas against the meta-schema; it never sees values. */
  readonly metaValidator: Ajv | Ajv2020;
  compile(schema: JsonObject): ValidateFunction;
}

const DRAFT_2020: Dialect = {
  metaValidator: new Ajv2020(OPTIONS),
  compile: (schema) => new Ajv2020(ISOLATED).compile(schema),
};

const DRAFT_07: Dialect = {
  metaValidator: new Ajv(OPTIONS),
  compile: (schema) => new Ajv(ISOLATED).compile(schema),
};

/**
 * Compiles a schema in the dialect that it names, or else in the one that it follows. Throws an error whose message says
 * what is wrong with the schema.
 */
export function compileSchema(document: JsonObject): ValidateFunction {
  // `$async` belongs to Ajv and to no dialect; with it, the validator would accept everything.
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

function compileIn({ metaValidator, compile }: Dialect, schema: JsonObject): ValidateFunction {
  if (metaValidator.validateSchema(schema) !== true)
    throw new Error(describeMismatch(metaValidator.errors ?? [], schema));
  return compile(schema);
}
