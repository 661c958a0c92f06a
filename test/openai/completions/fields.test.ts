import { expect, it } from 'vitest';
import { COMPLETION_FIELDS } from '../../../src/openai/completions/fields.ts';
import { sdkFields } from '../../support/sdk-fields.ts';

it('decides on every field of text completions that the official SDK can send', () => {
  const fields = sdkFields('completions.d.ts', 'CompletionCreateParamsBase');
  expect(fields).toContain('prompt');
  expect(Object.keys(COMPLETION_FIELDS).toSorted()).toEqual(fields.toSorted());
});
