import { expect, it } from 'vitest';
import { createObserver } from '../../src/app/log/observer.ts';
import type { UnreadyReason } from '../../src/http/operations/probes.ts';
import { createProbeApp } from '../../src/http/probe-app.ts';
import { createActiveRequests } from '../../src/http/requests/active-requests.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { startHttpServer } from '../support/start-http-server.ts';

/** Asks a gateway that starts until its ends are observed, and returns what its metrics have counted. */
async function probe(why: UnreadyReason, ...paths: string[]) {
  const metrics = createMetrics();
  const ended = paths.map(() => Promise.withResolvers<void>());
  let ends = 0;
  const observer = createObserver([
    metrics.listen,
    ({ type }) => void (type === 'request-end' && ended[ends++]?.resolve()),
  ]);
  const active = createActiveRequests();
  const readiness = async () => [why];
  const app = createProbeApp({ active, observer, stallLimitMs: 60_000, tokens: {}, readiness });
  const { origin } = await startHttpServer(app.callback());
  for (const path of paths) await (await fetch(`${origin}${path}`)).text();
  await Promise.all(ended.map(({ promise }) => promise));
  const sources = {
    turns: () => ({ running: 0, waiting: 0 }),
    childMemoryBytes: async () => 0,
    storeBytes: async () => 0,
    limits: {},
    accountLimits: () => [],
  };
  return { hour: metrics.lastHour(), text: (await metrics.render(sources)).text };
}

it('probes of a gateway that starts do not count in the last hour', async () => {
  const { hour } = await probe('starting', '/readyz', '//ReadyZ/', '/healthz');
  expect(hour).toEqual({ requests: 0, errors: 0 });
});

it.each([
  ['starting', 'codex_unavailable'],
  ['codex', 'codex_unavailable'],
  ['login', 'codex_not_signed_in'],
  ['store', 'storage_failed'],
  ['draining', 'shutting_down'],
] as const)('a gateway that is not ready (%s) counts the probe with the code %s', async (why, code) => {
  const { text } = await probe(why, '/readyz');
  expect(text).toContain(
    `codex_gateway_requests_total{route="/readyz",model="",key="",outcome="${code}"} 1\n`,
  );
});
