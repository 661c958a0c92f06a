import perfHooks from 'node:perf_hooks';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Observation } from '../../src/base/observation.ts';
import { createPrometheus } from '../../src/metrics/prometheus.ts';

const SOURCES = {
  turns: () => ({ running: 0, waiting: 0 }),
  childMemoryBytes: async () => 0,
  storeBytes: async () => 0,
  limits: {},
  accountLimits: () => [],
};

it('every start of an app-server after an end counts as a restart, those that fail included', async () => {
  const prometheus = createPrometheus();
  const seen: readonly Observation[] = [
    { type: 'app-server-end', code: 1, signal: undefined, delayMs: 0 },
    { type: 'app-server-start-failed', problem: 'no', delayMs: 500 },
    { type: 'app-server-start-failed', problem: 'no', delayMs: 1000 },
    { type: 'app-server-ready', ms: 1, login: 'account' },
  ];
  for (const observation of seen) prometheus.count({ observation, key: '', model: '' });
  expect((await prometheus.render(SOURCES)).text).toContain('\ncodex_gateway_child_restarts_total 3\n');
});

it('all gateways of a process share the one timer that watches its event loop', async () => {
  const watch = vi.spyOn(perfHooks, 'monitorEventLoopDelay');
  onTestFinished(() => watch.mockRestore());
  for (const _gateway of [1, 2, 3]) {
    const prometheus = createPrometheus();
    for (const _scrape of [1, 2]) {
      const { text } = await prometheus.render(SOURCES);
      expect(text.match(/^# TYPE process_resident_memory_bytes gauge$/gm)).toHaveLength(1);
    }
  }
  expect(watch.mock.calls.length).toBeLessThanOrEqual(1);
});
