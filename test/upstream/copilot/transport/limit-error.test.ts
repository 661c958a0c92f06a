import { expect, it } from 'vitest';
import { encodeError } from '../../../../src/openai/vocabulary/error-body.ts';
import { limitError } from '../../../../src/upstream/copilot/transport/limit-error.ts';
import { Readable } from 'node:stream';

const NOW_MS = Date.parse('2026-11-30T12:00:00Z');

function errorFor(status: number, headers: Record<string, string>) {
  const error = limitError({ status, headers, body: Readable.from([]) }, NOW_MS);
  return encodeError(error);
}

it('the error says in words and as a number when Copilot can be asked again', () => {
  expect(errorFor(429, { 'retry-after': '200000' })).toEqual({
    status: 429,
    headers: { 'x-should-retry': 'false' },
    body: {
      error: {
        message:
          'GitHub Copilot limits the rate of your requests. Try again in 2 days 8 hours, at 2026-12-02 19:33 UTC.',
        type: 'usage_limit_reached',
        code: 'insufficient_quota',
        param: null,
        resets_at: NOW_MS / 1000 + 200_000,
      },
    },
  });
});

it('an answer that names no time makes an error without one', () => {
  expect(errorFor(402, {}).body.error).toEqual({
    message: 'The quota of your GitHub Copilot account is used up. Try again later.',
    type: 'usage_limit_reached',
    code: 'insufficient_quota',
    param: null,
  });
});

it.each(['99999999999999999999', 'Fri, 01 Jan 2100 00:00:00 GMT'])(
  'a time as far away as %s is not believed',
  (value) => {
    expect(errorFor(429, { 'retry-after': value }).body.error).not.toHaveProperty('resets_at');
  },
);

it('a quota that is used up says itself when it begins anew', () => {
  const { error } = errorFor(402, {
    'x-quota-snapshot-chat': 'ent=-1&ov=0.0&ovPerm=false&rem=0.0&rst=2026-12-01T00%3A00%3A00Z',
    'x-quota-snapshot-premium_models': 'ent=300&ov=0.0&ovPerm=false&rem=0.0&rst=2026-12-02T00%3A00%3A00Z',
    'x-quota-snapshot-premium_interactions': 'ent=300&rem=12.5&rst=2026-12-01T00%3A00%3A00Z',
  }).body;
  expect(error.resets_at).toBe(Date.parse('2026-12-02T00:00:00Z') / 1000);
});

it.each([
  ['1', '1 second'],
  ['61', '1 minute 1 second'],
  ['3599', '59 minutes 59 seconds'],
  ['3601', '1 hour 1 minute'],
  ['7200', '2 hours'],
  ['86399', '1 day'],
  ['90000', '1 day 1 hour'],
])('%s seconds are "%s"', (seconds, words) => {
  expect(errorFor(429, { 'retry-after': seconds }).body.error.message).toContain(`in ${words}, at`);
});
