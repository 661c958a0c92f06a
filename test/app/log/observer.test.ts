import { expect, test } from 'vitest';
import { createObserver } from '../../../src/app/log/observer.ts';
import type { Observation, ObservationScope } from '../../../src/base/observation.ts';

const OBSERVATION: Observation = { type: 'turn-start', waitedMs: 3 };

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
  expect(heard).toEqual(['turn-start']);
});
