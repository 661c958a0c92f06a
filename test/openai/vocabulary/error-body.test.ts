import { expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { encodeError } from '../../../src/openai/vocabulary/error-body.ts';

it('an error body always has the four keys of OpenAI’s errors', () => {
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

it('an error body shows the code of the provider when there is one', () => {
  const error = new GatewayError('provider_rejected', 'No.', { providerCode: 'invalid_json_schema' });
  expect(encodeError(error).body.error.code).toBe('invalid_json_schema');
});

it.each([new Error('/secret/path: token abc'), 'text', undefined])(
  'an error body reveals nothing of an unexpected error: %s',
  (error) => {
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
  },
);

it("has the provider's own status where an error names it, and leaves the retry to the client", () => {
  const { status, headers } = encodeError(
    new GatewayError('upstream_request_failed', 'Refused.', { status: 403 }),
  );
  expect([status, headers]).toEqual([403, {}]);
});
