import { expect, it } from 'vitest';
import { CHAT_FIELDS } from '../../../src/openai/chat/fields.ts';
import { sdkFields } from '../../support/sdk-fields.ts';

it('decides on every field of chat completions that the official SDK can send', () => {
  const fields = sdkFields('chat/completions/completions.d.ts', 'ChatCompletionCreateParamsBase');
  expect(fields).toContain('messages');
  expect(Object.keys(CHAT_FIELDS).toSorted()).toEqual(fields.toSorted());
});
