import { z } from 'zod';
import { GatewayError } from '../../base/errors.ts';
import { formatPath, type JsonPath } from '../../base/json-path.ts';
import type { AnswerFormat } from '../../conversation/turn-request.ts';
import { checkSchema } from '../../schema/check-schema.ts';
import { formatProblem, type SchemaProblem } from '../../schema/schema-problem.ts';
import { findNotStrict } from '../../schema/strict-problem.ts';
import type { Compatibility } from '../compatibility.ts';
import { decodeValue } from '../decode-body.ts';
import { checkFields } from '../fields.ts';
import { nameSchema } from '../name-schema.ts';
import { FORMAT_FIELDS, JSON_SCHEMA_FIELDS } from './fields.ts';

const formatSchema = z.object({ type: z.enum(['text', 'json_object', 'json_schema']) });

const schemaFormatSchema = z.object({
  name: nameSchema,
  schema: z.record(z.string(), z.unknown()).nullish(),
  strict: z.boolean().nullish(),
});

const PLACE: JsonPath = ['response_format'];

/** `response_format`, with the schema below `json_schema`. */
export function decodeFormat(value: unknown, compatibility: Compatibility): AnswerFormat {
  if (value === undefined || value === null) return { type: 'text' };
  const { type } = decodeValue(formatSchema, value, PLACE);
  checkFields(value, FORMAT_FIELDS, PLACE, compatibility);
  if (type === 'text') return { type: 'text' };
  if (type === 'json_object') return { type: 'json-object' };
  const { json_schema: format } = decodeValue(z.object({ json_schema: z.looseObject({}) }), value, PLACE);
  return decodeSchemaFormat(format, [...PLACE, 'json_schema'], compatibility);
}

function decodeSchemaFormat(format: object, place: JsonPath, compatibility: Compatibility): AnswerFormat {
  const { name, schema, strict } = decodeValue(schemaFormatSchema, format, place);
  checkFields(format, JSON_SCHEMA_FIELDS, place, compatibility);
  // Without a schema, any JSON will do.
  if (!schema) return { type: 'json-object' };
  const problem = checkSchema(schema) ?? (strict ? findNotStrict(schema) : undefined);
  if (problem) throw invalidSchema(problem, name, [...place, 'schema']);
  return { type: 'json-schema', schema, path: compatibility.nameOf([...place, 'schema']) };
}

function invalidSchema(problem: SchemaProblem, name: string, place: JsonPath): GatewayError {
  return new GatewayError(
    'invalid_schema',
    `Invalid schema for response_format '${name}': ${formatProblem(problem)}`,
    {
      param: formatPath([...place, ...problem.path]),
    },
  );
}
