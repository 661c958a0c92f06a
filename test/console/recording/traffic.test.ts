import { expect, it } from 'vitest';
import type { EndedRequest } from '../../../src/base/observation.ts';
import { countDurations } from '../../../src/console/recording/quantiles.ts';
import { createTraffic } from '../../../src/console/recording/traffic.ts';

const MINUTE_MS = 60_000;

function endOf(status: number, facts: Partial<EndedRequest> = {}) {
  const nothing = { ignored: [], adjusted: [], failure: undefined, client: undefined };
  const request = { id: 'req_1', route: '/v1/responses', method: 'POST', ms: 1, ...nothing, ...facts };
  return { type: 'request-end', status, request } as const;
}

const usage = { inputTokens: 10, cachedInputTokens: 4, outputTokens: 3, reasoningTokens: 0 };

it('requests, errors, tokens and turns are counted by the minute, and by five minutes for the day', () => {
  let now = 600_000;
  const traffic = createTraffic(() => now);
  traffic.listen({ type: 'turns-changed', running: 3, waiting: 1 });
  traffic.listen({ type: 'turns-changed', running: 0, waiting: 0 });
  traffic.listen(endOf(200, { usage }));
  now += MINUTE_MS;
  traffic.listen(endOf(500));
  traffic.listen(endOf(200, { route: '/console/overview' }));
  traffic.listen(endOf(200, { route: '/chat/sessions', method: 'GET', isOfPage: true }));
  const nothing = { errors: 0, input_tokens: 0, output_tokens: 0, running: 0, waiting: 0, first_token: null };
  const busy = { requests: 1, input_tokens: 10, output_tokens: 3, running: 3, waiting: 1 };
  expect(traffic.read('hour')).toEqual([
    { ...nothing, at: 600_000, ...busy },
    { ...nothing, at: 660_000, requests: 1, errors: 1 },
  ]);
  expect(traffic.read('day')).toEqual([{ ...nothing, at: 600_000, ...busy, requests: 2, errors: 1 }]);
  expect(traffic.read('hour', now)).toHaveLength(1);
});

it('a turn counts in every minute in which it runs, also if nothing else happens', () => {
  let now = 600_000;
  const traffic = createTraffic(() => now);
  const running = () => traffic.read('hour').map(({ at, running }) => [at / MINUTE_MS, running]);
  traffic.listen({ type: 'turns-changed', running: 2, waiting: 0 });
  now += 2 * MINUTE_MS;
  expect(running()).toEqual([
    [10, 2],
    [11, 2],
    [12, 2],
  ]);
  expect(traffic.read('hour', now)).toHaveLength(2);
  expect(traffic.read('day')).toMatchObject([{ at: 600_000, running: 2 }]);

  now += MINUTE_MS;
  traffic.listen({ type: 'turns-changed', running: 1, waiting: 0 });
  traffic.listen({ type: 'turns-changed', running: 0, waiting: 0 });
  now += MINUTE_MS;
  expect(running().at(-1)).toEqual([13, 2]);

  traffic.listen({ type: 'turns-changed', running: 1, waiting: 0 });
  now += 90 * MINUTE_MS;
  expect(running()).toHaveLength(60);
});

it('what is older than an hour is forgotten, also when the clock goes back', () => {
  let now = 600_000;
  const traffic = createTraffic(() => now);
  traffic.listen(endOf(200));
  now += 60 * MINUTE_MS;
  expect(traffic.read('hour')).toEqual([]);
  expect(traffic.read('day')).toHaveLength(1);
  traffic.listen(endOf(200));
  traffic.listen({ type: 'turns-changed', running: 1, waiting: 0 });
  now = 600_000;
  traffic.listen(endOf(200));
  expect(traffic.read('hour')).toMatchObject([{ at: 600_000, requests: 1, running: 1 }]);
});

it('the times until the first token are known to about five percent', () => {
  const traffic = createTraffic(() => 0);
  for (let ms = 1; ms <= 1000; ms += 1) traffic.listen({ type: 'first-output', id: '', model: '', ms });
  const { p50_ms: p50, p95_ms: p95 } = traffic.read('hour')[0]!.first_token!;
  expect(Math.abs(p50 / 500 - 1)).toBeLessThan(0.06);
  expect(Math.abs(p95 / 950 - 1)).toBeLessThan(0.06);
});

it.each([0, 0.4, 1, 17, 250_000, 10_000_000])('a single duration of %d ms has a finite quantile', (ms) => {
  const durations = countDurations();
  durations.add(ms);
  const quantile = durations.quantile(0.5);
  expect(quantile).toBeGreaterThanOrEqual(1);
  expect(quantile).toBe(durations.quantile(0.95));
  expect(quantile).toBeLessThan(2_000_000);
});

it('a turn or a call that a person asks for in the console counts as a request', () => {
  const traffic = createTraffic(() => 0);
  traffic.listen(endOf(200, { isOfPage: true, usage }));
  expect(traffic.read('hour')).toMatchObject([{ requests: 1, input_tokens: 10 }]);
});
