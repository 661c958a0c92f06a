import { expect, onTestFinished, test, vi } from 'vitest';
import { createLogListener, createObserver } from '../../../src/app/log/observer.ts';
import type { Observation, ObservationScope } from '../../../src/base/observation.ts';

const OBSERVATION: Observation = { type: 'turn-admitted', waitedMs: 3 };

test('each listener hears what is observed, with the request to which it belongs', async () => {
  const heard: [Observation, ObservationScope][] = [];
  const observer = createObserver([(...given) => heard.push(given), (...given) => heard.push(given)]);
  await observer.within({ id: 'req_1' }, async () => {
    await Promise.resolve();
    observer.observe(OBSERVATION);
    observer.within({}, () => observer.observe(OBSERVATION));
  });
  expect(heard).toEqual([
    [OBSERVATION, { id: 'req_1' }],
    [OBSERVATION, { id: 'req_1' }],
    [OBSERVATION, {}],
    [OBSERVATION, {}],
  ]);
});

test('a listener that throws disturbs neither the one who reports nor the other listeners', () => {
  const heard: string[] = [];
  const observer = createObserver([
    () => {
      throw new Error('no room');
    },
    ({ type }) => heard.push(type),
  ]);
  observer.observe(OBSERVATION);
  expect(heard).toEqual(['turn-admitted']);
});

test('a slow store is logged at most once in ten seconds', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const lines: unknown[] = [];
  const observer = createObserver([createLogListener((...given) => lines.push(given))]);
  const observeSlowStore = (ms: number) =>
    observer.within({ id: 'req_1' }, () => observer.observe({ type: 'store-slow', method: 'findItems', ms }));
  observeSlowStore(1_000);
  observeSlowStore(2_000);
  vi.advanceTimersByTime(10_000);
  observeSlowStore(3_000);
  const lineFor = (ms: number) => [
    { level: 'warn', message: 'the store is slow', fields: { method: 'findItems', ms } },
    { id: 'req_1' },
  ];
  expect(lines).toEqual([lineFor(1_000), lineFor(3_000)]);
});
