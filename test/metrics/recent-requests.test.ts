import { expect, it } from 'vitest';
import { createRecentRequests } from '../../src/metrics/recent-requests.ts';

const MINUTE_MS = 60_000;

it('requests and errors of the last hour are counted, and forgotten minute by minute', () => {
  let now = 0;
  const recent = createRecentRequests(() => now);
  recent.count('/v1/responses', 'ok');
  recent.count('/v1/responses', 'queue_full');
  now = 30 * MINUTE_MS;
  recent.count('/v1/models', 'ok');
  expect(recent.read()).toEqual({ requests: 3, errors: 1 });
  now = 61 * MINUTE_MS;
  expect(recent.read()).toEqual({ requests: 1, errors: 0 });
  now = 300 * MINUTE_MS;
  expect(recent.read()).toEqual({ requests: 0, errors: 0 });
});

it('a client that leaves does not count as an error, and a look at the gateway not as a request', () => {
  const recent = createRecentRequests(() => 0);
  recent.count('/v1/responses', 'client_gone');
  for (const route of ['/healthz', '/readyz', '/status', '/metrics']) recent.count(route, 'ok');
  expect(recent.read()).toEqual({ requests: 1, errors: 0 });
});
