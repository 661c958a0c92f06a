import { expect, it } from 'vitest';
import { GatewayError } from '../../src/base/errors.ts';
import { encodeError } from '../../src/openai/error-body.ts';

it('has OpenAI’s four keys, whatever is known', () => {
  expect(encodeError(new GatewayError('overloaded', 'Busy.', { retryAfter: 3 }))).toEqual({
    status: 503,
    headers: { 'x-should-retry': 'true', 'retry-after': '3' },
    body: {
      error: {
        message: 'Busy.',
        type: 'service_unavailable_error',
        param: null,
        code: 'server_is_overloaded',
      },
    },
  });
});

it('shows the provider’s own code where it has one', () => {
  const error = new GatewayError('provider_rejected', 'No.', { providerCode: 'invalid_json_schema' });
  expect(encodeError(error).body.error.code).toBe('invalid_json_schema');
});

it.each([new Error('/secret/path: token abc'), 'text', undefined])('hides everything of %s', (error) => {
  expect(encodeError(error)).toMatchObject({
    status: 500,
    body: {
      error: {
        message: 'The gateway failed to handle this request.',
        type: 'server_error',
        code: 'internal_error',
      },
    },
  });
});
