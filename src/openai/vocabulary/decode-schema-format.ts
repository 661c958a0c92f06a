import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { AnswerFormat } from '../../conversation/turn-request.ts';
import { checkSchema } from '../../schema/check-schema.ts';
import { formatProblem, type SchemaProblem } from '../../schema/schema-problem.ts';
import { findNotStrict } from '../../schema/strict-problem.ts';
import { withoutNulls } from '../../schema/without-nulls.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { nameSchema } from './name-schema.ts';

export const formatSchema = z.object({ type: z.enum(['text', 'json_object', 'json_schema']) });

const schemaFormatSchema = z.object({
  name: nameSchema,
  description: z.string().nullish(),
  schema: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

/** A format of the type `json_schema`, whose schema stands in `format`. */
export function decodeSchemaFormat(format: object, place: JsonPath, { nameOf }: Compatibility): AnswerFormat {
  const { name, schema, strict } = decodeValue(schemaFormatSchema, format, place);
  // Without a schema, any JSON will do.
  if (!schema) return { type: 'json-object' };
  const path: JsonPath = [...place, 'schema'];
  const malformed = checkSchema(schema);
  if (malformed) throw invalidSchema(malformed, name, path);
  const clean = withoutNulls(schema);
  const problem = strict ? findNotStrict(clean) : undefined;
  if (problem) throw invalidSchema(problem, name, path);
  return { type: 'json-schema', schema: clean, path: nameOf(path) };
}

function invalidSchema(problem: SchemaProblem, name: string, place: JsonPath): GatewayError {
  return new GatewayError(
    'invalid_schema',
    `Invalid schema for response_format '${name}': ${formatProblem(problem)}`,
    { param: formatPath([...place, ...problem.path]) },
  );
}
