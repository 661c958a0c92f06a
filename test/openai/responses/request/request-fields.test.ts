import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withFieldTables } from '../../../../.scripts/field-table.ts';
import {
  COMPACT_FIELDS,
  INPUT_TOKENS_FIELDS,
  REQUEST_FIELDS,
} from '../../../../src/openai/responses/request/request-fields.ts';
import { sdkFields } from '../../../support/sdk-fields.ts';

it.each([
  ['responses/responses.d.ts', 'ResponseCreateParamsBase', REQUEST_FIELDS],
  ['responses/responses.d.ts', 'ResponseCompactParams', COMPACT_FIELDS],
  ['responses/input-tokens.d.ts', 'InputTokenCountParams', INPUT_TOKENS_FIELDS],
])('decides on every field that the official SDK can send: %s, %s', (file, type, decided) => {
  const fields = sdkFields(file, type);
  expect(fields).toContain('input');
  expect(Object.keys(decided).toSorted()).toEqual(fields.toSorted());
});

it('the README lists the treatment of each field of responses (npm run generate writes it)', () => {
  const readme = readFileSync(new URL('../../../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain('| `previous_response_id` | emulated |');
  expect(withFieldTables(readme)).toBe(readme);
});
