import type { HttpResponse } from './http-client.ts';

export interface RateLimitOptions {
  /** Milliseconds that all waits of one request may take; 0 waits for nothing. */
  readonly budgetMs: number;
  /** Maximum milliseconds of one wait. */
  readonly maxSleepMs: number;
  readonly initialBackoffMs: number;
  readonly backoffMultiplier: number;
}

/** Headers that ask for a wait, or the lack of any. */
type WaitSource = 'RetryAfter' | 'RateLimitReset' | 'RateLimitResetMs' | 'Backoff';

/** A wait for which an answer has asked. */
export interface AskedWait {
  /** Greater than 0. */
  readonly ms: number;
  readonly source: WaitSource;
}

export interface RateLimitWait extends AskedWait {
  /** Milliseconds to wait before the next attempt. */
  readonly sleepMs: number;
  /** True if the wait does not fit into the budget, so that the answer is final. */
  readonly isTooLong: boolean;
}

interface Chance {
  readonly nowMs: number;
  /** From 0 to 1. */
  readonly random: number;
}

type Headers = HttpResponse['headers'];

/** Waits of one request so far. */
export interface Waits {
  readonly count: number;
  readonly totalMs: number;
}

/** Returns the wait before the next attempt. */
export function nextWait(
  headers: Headers,
  waits: Waits,
  options: RateLimitOptions,
  { nowMs, random }: Chance = { nowMs: Date.now(), random: Math.random() },
): RateLimitWait {
  const asked = askedWait(headers, nowMs) ?? backOff(waits.count, options, random);
  return {
    ...asked,
    sleepMs: Math.min(asked.ms, options.maxSleepMs),
    isTooLong: options.budgetMs === 0 || asked.ms + waits.totalMs > options.budgetMs,
  };
}

/** Returns the wait that the headers ask for; undefined if they name none, or a time that has passed. */
export function askedWait(headers: Headers, nowMs = Date.now()): AskedWait | undefined {
  const asked: readonly AskedWait[] = [
    { ms: retryAfterMs(headerOf(headers, 'retry-after'), nowMs), source: 'RetryAfter' },
    { ms: decimal(headerOf(headers, 'x-ratelimit-reset')) * 1000 - nowMs, source: 'RateLimitReset' },
    { ms: decimal(headerOf(headers, 'x-ratelimit-reset-ms')) - nowMs, source: 'RateLimitResetMs' },
  ];
  return asked.find(({ ms }) => ms > 0);
}

function retryAfterMs(value: string, nowMs: number): number {
  // Only a value with a letter can be a date: `Date.parse` also takes "-5" for one.
  return /[a-z]/i.test(value) ? Date.parse(value) - nowMs : decimal(value) * 1000;
}

/** Returns an exponential back-off, with a factor from 0.5 to 1.5 so that clients do not return all at once. */
function backOff(count: number, options: RateLimitOptions, random: number): AskedWait {
  const { initialBackoffMs, backoffMultiplier } = options;
  const ms = initialBackoffMs * backoffMultiplier ** count * (0.5 + random);
  // A wait of nothing would never use up the budget.
  return { ms: Math.max(1, Math.round(ms)), source: 'Backoff' };
}

function decimal(value: string): number {
  return /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
}

function headerOf(headers: Headers, name: string): string {
  return [headers[name] ?? ''].flat()[0]?.trim() ?? '';
}
