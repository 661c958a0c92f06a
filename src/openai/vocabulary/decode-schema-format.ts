import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { AnswerFormat } from '../../conversation/turn-request.ts';
import { checkSchema } from '../../schema/check-schema.ts';
import { formatSchemaProblem, type SchemaProblem } from '../../schema/schema-problem.ts';
import { findNotStrict } from '../../schema/strict-problem.ts';
import { withoutNulls } from '../../schema/without-nulls.ts';
import { decodeValue } from '../request/decode-body.ts';
import { nameSchema } from '../request/shared-schema.ts';

export const formatSchema = z.object({ type: z.enum(['text', 'json_object', 'json_schema']) });

const schemaFormatSchema = z.object({
  name: nameSchema,
  description: z.string().nullish(),
  schema: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

/** Decodes a format of the type `json_schema`; `format` holds its name and schema. */
export function decodeSchemaFormat(format: object, path: JsonPath): AnswerFormat {
  const { name, schema, strict } = decodeValue(schemaFormatSchema, format, path);
  // Without a schema, any JSON will do.
  if (!schema) return { type: 'json-object' };
  const schemaPath: JsonPath = [...path, 'schema'];
  const malformed = checkSchema(schema);
  if (malformed) throw invalidSchema(malformed, name, schemaPath);
  const clean = withoutNulls(schema);
  const problem = strict ? findNotStrict(clean) : undefined;
  if (problem) throw invalidSchema(problem, name, schemaPath);
  return { type: 'json-schema', schema: clean, path: formatPath(schemaPath) };
}

function invalidSchema(problem: SchemaProblem, name: string, path: JsonPath): GatewayError {
  return new GatewayError(
    'invalid_schema',
    `Invalid schema for response_format '${name}': ${formatSchemaProblem(problem)}`,
    { param: formatPath([...path, ...problem.path]) },
  );
}
