import { describe, expect, it } from 'vitest';
import { explainAsked } from '../../src/base/asked-mark.ts';
import { GatewayError, shuttingDown } from '../../src/base/errors.ts';
import { encodeError } from '../../src/openai/vocabulary/error-body.ts';

const explain = (error: unknown, isAsked: boolean) => encodeError(explainAsked(error, { isAsked }));

describe.each(['shutting_down', 'codex_unavailable', 'start_timeout'] as const)('%s', (code) => {
  const error = new GatewayError(code, 'It is over.', { retryAfter: 5 });

  it('asks for no retry, and says why, once the provider may have been asked', () => {
    expect(explain(error, true)).toMatchObject({
      status: 503,
      headers: { 'x-should-retry': 'false', 'retry-after': '5' },
      body: {
        error: {
          code,
          message: expect.stringMatching(/^It is over\. The model provider may have been asked already/),
        },
      },
    });
  });

  it('can be tried again before that', () => {
    expect(explain(error, false)).toEqual(encodeError(error));
    expect(explain(error, false).headers).toMatchObject({ 'x-should-retry': 'true' });
  });
});

it('says it once, however many parts of the gateway the error passes', () => {
  const mark = { isAsked: true };
  const once = explainAsked(shuttingDown(), mark);
  expect(explainAsked(once, mark)).toBe(once);
});

it('leaves errors alone that say what the provider has done', () => {
  for (const code of ['overloaded', 'rate_limited', 'provider_failed'] as const) {
    expect(explain(new GatewayError(code, 'x'), true).headers).toMatchObject({ 'x-should-retry': 'true' });
  }
});
