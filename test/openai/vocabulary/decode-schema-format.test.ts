import { expect, it } from 'vitest';
import { decodeSchemaFormat } from '../../../src/openai/vocabulary/decode-schema-format.ts';
import { refusalOf } from '../../support/decode-response.ts';

const PATH = ['text', 'format'];
const STRICT = { type: 'object', properties: {}, additionalProperties: false, required: [] };

it('decodes a schema together with its path', () => {
  expect(decodeSchemaFormat({ name: 'a', schema: STRICT, strict: true }, PATH)).toEqual({
    type: 'json-schema',
    schema: STRICT,
    path: 'text.format.schema',
  });
});

it('accepts any JSON if there is no schema', () => {
  expect(decodeSchemaFormat({ name: 'a' }, PATH)).toEqual({ type: 'json-object' });
});

it('refuses a strict schema that allows further properties, but not the same schema without strict', () => {
  const schema = { type: 'object', properties: {} };
  expect(refusalOf(() => decodeSchemaFormat({ name: 'a', schema, strict: true }, PATH))).toMatchObject({
    code: 'invalid_schema',
    param: 'text.format.schema',
    message: expect.stringContaining("Invalid schema for response_format 'a'") as string,
  });
  expect(decodeSchemaFormat({ name: 'a', schema }, PATH)).toMatchObject({ schema });
});
