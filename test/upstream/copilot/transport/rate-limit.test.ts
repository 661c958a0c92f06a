import { expect, it } from 'vitest';
import { nextWait } from '../../../../src/upstream/copilot/transport/rate-limit.ts';

const NOW_MS = Date.parse('2026-11-30T12:00:00Z');
const OPTIONS = { budgetMs: 60_000, maxSleepMs: 60_000, initialBackoffMs: 1_000, backoffMultiplier: 2 };
const NONE = { count: 0, totalMs: 0 };

/** The wait for these headers, as `source milliseconds`. */
function waitFor(headers: Record<string, string | string[]>, count = 0): string {
  const { source, ms } = nextWait(headers, { count, totalMs: 0 }, OPTIONS, { nowMs: NOW_MS, random: 0.5 });
  return `${source} ${ms}`;
}

it('Retry-After asks for seconds', () => {
  expect(waitFor({ 'retry-after': '3' })).toBe('RetryAfter 3000');
});

it('Retry-After asks for a date', () => {
  expect(waitFor({ 'retry-after': 'Mon, 30 Nov 2026 12:00:07 GMT' })).toBe('RetryAfter 7000');
});

it('x-ratelimit-reset is a time in seconds, x-ratelimit-reset-ms one in milliseconds', () => {
  expect(waitFor({ 'x-ratelimit-reset': String(NOW_MS / 1000 + 9) })).toBe('RateLimitReset 9000');
  expect(waitFor({ 'x-ratelimit-reset-ms': String(NOW_MS + 1234) })).toBe('RateLimitResetMs 1234');
});

it('Retry-After goes before x-ratelimit-reset, which goes before x-ratelimit-reset-ms', () => {
  const ms = { 'x-ratelimit-reset-ms': String(NOW_MS + 1) };
  const seconds = { ...ms, 'x-ratelimit-reset': String(NOW_MS / 1000 + 1) };
  expect(waitFor(seconds)).toBe('RateLimitReset 1000');
  expect(waitFor({ ...seconds, 'retry-after': '2' })).toBe('RetryAfter 2000');
});

it('a time that has passed counts as none', () => {
  expect(waitFor({ 'x-ratelimit-reset': String(NOW_MS / 1000 - 9) })).toBe('Backoff 1000');
  expect(waitFor({ 'x-ratelimit-reset-ms': String(NOW_MS) })).toBe('Backoff 1000');
  expect(waitFor({ 'retry-after': 'Mon, 30 Nov 2026 11:00:00 GMT' })).toBe('Backoff 1000');
  expect(waitFor({ 'retry-after': '0', 'x-ratelimit-reset': String(NOW_MS / 1000 + 4) })).toBe(
    'RateLimitReset 4000',
  );
});

it.each(['', 'soon', '-5', '5s', '1e3', 'Infinity', '2 3'])('Retry-After "%s" counts as none', (value) => {
  expect(waitFor({ 'retry-after': value })).toBe('Backoff 1000');
});

it('the first of several values counts', () => {
  expect(waitFor({ 'retry-after': ['5', '9'] })).toBe('RetryAfter 5000');
});

it('without headers, waits grow, each by a random half more or less', () => {
  expect([0, 1, 2, 3].map((count) => waitFor({}, count))).toEqual([
    'Backoff 1000',
    'Backoff 2000',
    'Backoff 4000',
    'Backoff 8000',
  ]);
  const spread = [0, 0.999].map((random) => nextWait({}, NONE, OPTIONS, { nowMs: NOW_MS, random }).ms);
  expect(spread).toEqual([500, 1499]);
});

it('a back-off is never nothing, so that it uses up the budget some day', () => {
  const options = { ...OPTIONS, initialBackoffMs: 0 };
  expect(nextWait({}, NONE, options).ms).toBe(1);
});

it('a wait is capped, and what was asked for counts against the budget', () => {
  const options = { ...OPTIONS, maxSleepMs: 5_000 };
  const wait = (seconds: number, totalMs: number) =>
    nextWait({ 'retry-after': String(seconds) }, { count: 1, totalMs }, options);
  expect(wait(50, 0)).toMatchObject({ sleepMs: 5_000, isTooLong: false });
  expect(wait(50, 10_000).isTooLong).toBe(false);
  expect(wait(50, 10_001).isTooLong).toBe(true);
  expect(wait(61, 0).isTooLong).toBe(true);
});

it('a budget of 0 allows no wait at all', () => {
  const options = { ...OPTIONS, budgetMs: 0 };
  expect(nextWait({}, NONE, options).isTooLong).toBe(true);
});
