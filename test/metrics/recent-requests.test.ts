import { expect, it } from 'vitest';
import type { EndedRequest, ObservedFailure } from '../../src/base/observation.ts';
import { createRecentRequests } from '../../src/metrics/recent-requests.ts';

const MINUTE_MS = 60_000;

const FAILURE: ObservedFailure = {
  isOwn: true,
  code: 'queue_full',
  kind: 'queue_full',
  outcome: 'queue_full',
  problem: '',
};

function endOf(status: number, facts: Partial<EndedRequest> = {}) {
  return { type: 'request-end', status, request: requestOf(facts) } as const;
}

function responseEndOf(outcome: string, facts: Partial<EndedRequest> = {}) {
  return { type: 'response-end', outcome, request: requestOf(facts) } as const;
}

function requestOf(facts: Partial<EndedRequest>): EndedRequest {
  const nothing = { ignored: [], adjusted: [], failure: undefined, client: undefined };
  return { id: 'req_1', route: '/v1/responses', method: 'POST', ms: 1, ...nothing, ...facts };
}

it('requests and errors of the last hour are counted, and forgotten minute by minute', () => {
  let now = 0;
  const recent = createRecentRequests(() => now);
  recent.count(endOf(200));
  recent.count(endOf(429, { failure: FAILURE }));
  now = 30 * MINUTE_MS;
  recent.count(endOf(200, { route: '/v1/models' }));
  expect(recent.read()).toEqual({ requests: 3, errors: 1 });
  now = 61 * MINUTE_MS;
  expect(recent.read()).toEqual({ requests: 1, errors: 0 });
  now = 300 * MINUTE_MS;
  expect(recent.read()).toEqual({ requests: 0, errors: 0 });
});

it('a client that leaves does not count as an error, and a look at the gateway not as a request', () => {
  const recent = createRecentRequests(() => 0);
  recent.count(endOf(499));
  recent.count(responseEndOf('cancelled'));
  for (const route of [
    '/health',
    '/healthz',
    '/readyz',
    '/status',
    '/metrics',
    '/v1/usage',
    '/',
    '/console/overview',
  ]) {
    recent.count(endOf(503, { route }));
  }
  recent.count(endOf(204, { method: 'OPTIONS' }));
  recent.count(endOf(200, { route: '/v1/models', method: 'GET', isOfPage: true }));
  expect(recent.read()).toEqual({ requests: 2, errors: 0 });
});

it('a response in the background counts once, at its own end', () => {
  const recent = createRecentRequests(() => 0);
  recent.count(endOf(200, { background: true }));
  expect(recent.read()).toEqual({ requests: 0, errors: 0 });
  recent.count(responseEndOf('failed', { background: true, failure: FAILURE }));
  expect(recent.read()).toEqual({ requests: 1, errors: 1 });
});

it('each response on a WebSocket counts once, and its connection does not', () => {
  const recent = createRecentRequests(() => 0);
  recent.count(responseEndOf('completed', { method: 'WS' }));
  recent.count(responseEndOf('incomplete', { method: 'WS' }));
  recent.count(endOf(101, { method: 'GET' }));
  expect(recent.read()).toEqual({ requests: 2, errors: 0 });
});
