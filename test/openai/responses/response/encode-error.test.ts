import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../../src/base/errors.ts';
import {
  encodeErrorEvent,
  encodeResponseError,
  encodeSocketError,
  encodeSteerFailure,
  withStreamId,
} from '../../../../src/openai/responses/response/encode-error.ts';

const FULL = new GatewayError('queue_full', 'Too many requests.', { retryAfter: 3 });
const INVALID = new GatewayError('invalid_value', "Invalid 'a'.", { param: 'a' });

describe('the error of a failed response', () => {
  it.each([
    ['rate_limit_exceeded', FULL],
    ['rate_limit_exceeded', new GatewayError('insufficient_quota', 'Used up.')],
    ['invalid_prompt', INVALID],
    ['invalid_prompt', new GatewayError('provider_rejected', 'No.')],
    ['server_error', new GatewayError('codex_not_signed_in', 'Sign in.')],
    ['server_error', new GatewayError('provider_failed', 'Down.')],
    ['server_error', new Error('a secret')],
  ])('has a code of OpenAI’s list: %s', (code, error) => {
    expect(encodeResponseError(error).code).toBe(code);
    expect(JSON.stringify(encodeResponseError(error))).not.toContain('secret');
  });

  it('has the message, type and parameter of the HTTP error', () => {
    expect(encodeResponseError(INVALID)).toEqual({
      code: 'invalid_prompt',
      message: "Invalid 'a'.",
      type: 'invalid_request_error',
      param: 'a',
    });
  });
});

it('an error event has its fields both at the top and inside an error', () => {
  const error = { type: 'rate_limit_error', code: 'rate_limit_exceeded', message: FULL.message, param: null };
  const { type, ...fields } = error;
  expect(encodeErrorEvent(FULL)).toEqual({ ...fields, type: 'error', error });
  expect(type).toBe('rate_limit_error');
});

describe('a message of a WebSocket', () => {
  it('about a failure has the status and headers of the HTTP error', () => {
    expect(encodeSocketError(FULL)).toEqual({
      type: 'error',
      status: 429,
      error: {
        type: 'rate_limit_error',
        code: 'rate_limit_exceeded',
        message: FULL.message,
        param: null,
        headers: { 'x-should-retry': 'true', 'retry-after': '3' },
      },
    });
    expect(encodeSocketError(INVALID).error).not.toHaveProperty('headers');
  });

  it('about refused input returns the input', () => {
    const body = { type: 'response.steer', input: 'more', previous_response_id: 'resp_1', foo: 1 };
    expect(encodeSteerFailure(body)).toMatchObject({
      type: 'response.steer.failed',
      error: { code: 'steering_not_supported' },
      steer: { input: 'more', previous_response_id: 'resp_1' },
    });
  });

  it('repeats the stream id of its request, if there is one', () => {
    expect(withStreamId({ type: 'a' }, 's')).toEqual({ type: 'a', stream_id: 's' });
    expect(withStreamId({ type: 'a' }, undefined)).toEqual({ type: 'a' });
  });
});
