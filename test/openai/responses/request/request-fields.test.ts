import { expect, it } from 'vitest';
import {
  COMPACT_FIELDS,
  INPUT_TOKENS_FIELDS,
  RESPONSE_FIELDS,
} from '../../../../src/openai/responses/request/request-fields.ts';
import { sdkFields } from '../../../support/sdk-fields.ts';

it.each([
  ['responses/responses.d.ts', 'ResponseCreateParamsBase', RESPONSE_FIELDS],
  ['responses/responses.d.ts', 'ResponseCompactParams', COMPACT_FIELDS],
  ['responses/input-tokens.d.ts', 'InputTokenCountParams', INPUT_TOKENS_FIELDS],
])('decides on every field that the official SDK can send: %s, %s', (file, type, decided) => {
  const fields = sdkFields(file, type);
  expect(fields).toContain('input');
  expect(Object.keys(decided).toSorted()).toEqual(fields.toSorted());
});
