import { z } from 'zod';
import type { JsonPath } from '../../base/json-path.ts';
import type { AnswerFormat } from '../../conversation/turn-request.ts';
import type { Compatibility } from '../request/compatibility.ts';
import { decodeValue } from '../request/decode-body.ts';
import { decodeSchemaFormat, formatSchema } from '../vocabulary/decode-schema-format.ts';
import { checkFields } from '../request/fields.ts';
import { JSON_SCHEMA_FIELDS } from '../request/shared-fields.ts';
import { FORMAT_FIELDS } from './fields.ts';

const PLACE: JsonPath = ['response_format'];

/** `response_format`, with the schema below `json_schema`. */
export function decodeFormat(value: unknown, compatibility: Compatibility): AnswerFormat {
  if (value === undefined || value === null) return { type: 'text' };
  const { type } = decodeValue(formatSchema, value, PLACE);
  checkFields(value, FORMAT_FIELDS, PLACE, compatibility);
  if (type === 'text') return { type: 'text' };
  if (type === 'json_object') return { type: 'json-object' };
  const { json_schema: format } = decodeValue(z.object({ json_schema: z.looseObject({}) }), value, PLACE);
  const place = [...PLACE, 'json_schema'];
  checkFields(format, JSON_SCHEMA_FIELDS, place, compatibility);
  return decodeSchemaFormat(format, place, compatibility);
}
