import { describe, expect, it } from 'vitest';
import { describeObservation } from '../../../src/app/log/describe-observation.ts';
import { ClientGoneError, GatewayError, type ErrorCode, type ErrorDetail } from '../../../src/base/errors.ts';
import { describeFailure } from '../../../src/http/requests/describe-failure.ts';
import { encodeError } from '../../../src/openai/vocabulary/error-body.ts';

function failureOf(message: string, detail: ErrorDetail = {}, code: ErrorCode = 'invalid_value') {
  return describeFailure(new GatewayError(code, message, detail))!;
}

describe('the message of a failure in the log', () => {
  it.each([
    [
      "Invalid 'tools[0].type': expected a tool.",
      'tools[0].type',
      "Invalid 'tools[0].type': expected a tool.",
    ],
    ["Unknown parameter: 'my secret'.", 'my secret', "Unknown parameter: '*'."],
    [
      "Invalid 'metadata.SECRET': expected a string.",
      'metadata.SECRET',
      "Invalid 'metadata.*': expected a string.",
    ],
    ["The model 'it's a SECRET' does not exist.", 'model', "The model '…' does not exist."],
    ["Item with id 'SECRET…", undefined, "Item with id '…'"],
    ['The model `SE`CRET` does not exist.', 'model', 'The model `…` does not exist.'],
    ['The model `x` `codex-gateway login` SECRET` is none.', 'model', 'The model `…` is none.'],
    ['Not signed in. Run `codex-gateway login`.', undefined, 'Not signed in. Run `codex-gateway login`.'],
    ['Not signed in. Run `npm -s start -- login`.', undefined, 'Not signed in. Run `npm -s start -- login`.'],
    ['Expected "a" or "SE"CR"ET", got more.', undefined, 'Expected "…", got more.'],
    [
      "The model provider refused Codex's credentials.",
      undefined,
      "The model provider refused Codex's credentials.",
    ],
  ])('hides private values in %j', (message, param, expected) => {
    expect(failureOf(message, param === undefined ? {} : { param }).problem).toBe(expected);
  });

  it('is the one written for the log when there is one', () => {
    expect(failureOf('SECRET', { logMessage: 'Rejected.' }).problem).toBe('Rejected.');
  });

  it('does not quote an unexpected error', () => {
    let thrown: unknown;
    try {
      JSON.parse('SECRET');
    } catch (error) {
      thrown = error;
    }
    expect(describeFailure(thrown)).toMatchObject({ isOwn: true, code: 'internal_error' });
    expect(JSON.stringify(describeFailure(thrown))).not.toContain('SECRET');
  });
});

describe('the code of a failure in the log', () => {
  const CODES: readonly ErrorCode[] = ['invalid_image', 'queue_full', 'codex_unavailable', 'upstream_error'];

  it.each(CODES)('is the one that the client gets for %s', (code) => {
    const error = new GatewayError(code, 'x');
    expect(describeFailure(error)!.code).toBe(encodeError(error).body.error.code);
  });

  it('is the error type when the client gets no code', () => {
    expect(failureOf('x', {}, 'invalid_json').code).toBe('invalid_request_error');
  });

  it('is the provider’s code unless that contains free text', () => {
    expect(failureOf('x', { providerCode: 'no_such_thing' }).code).toBe('no_such_thing');
    expect(failureOf('x', { providerCode: 'you said SECRET' }).code).toBe('(unreadable)');
  });
});

it.each<[ErrorCode, string]>([
  ['invalid_value', 'warn'],
  ['rate_limited', 'warn'],
  ['upstream_error', 'warn'],
  ['client_too_slow', 'warn'],
  ['codex_unavailable', 'error'],
  ['shutting_down', 'warn'],
  ['internal_error', 'error'],
])('a failure with the code %s is logged at the level %s', (code, level) => {
  const failure = describeFailure(new GatewayError(code, 'x'))!;
  expect(describeObservation({ type: 'further-failure', id: 'req_1', failure })?.level).toBe(level);
});

it('a client that has disconnected is not logged as a failure', () => {
  expect(describeFailure(new ClientGoneError())).toBeUndefined();
});
