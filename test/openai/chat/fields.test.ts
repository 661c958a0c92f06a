import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withFieldTables } from '../../../.scripts/field-table.ts';
import { REQUEST_FIELDS } from '../../../src/openai/chat/fields.ts';
import { sdkFields } from '../../support/sdk-fields.ts';

it('decides on every field of chat completions that the official SDK can send', () => {
  const fields = sdkFields('chat/completions/completions.d.ts', 'ChatCompletionCreateParamsBase');
  expect(fields).toContain('messages');
  expect(Object.keys(REQUEST_FIELDS).toSorted()).toEqual(fields.toSorted());
});

it('the README lists the treatment of each field of chat and text completions (npm run generate writes it)', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain('| `temperature` | ignored |');
  expect(readme).toContain('| `echo` | refused |');
  expect(withFieldTables(readme)).toBe(readme);
});
