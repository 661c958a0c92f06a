import { expect, test } from 'vitest';
import { createObserver } from '../../../src/app/log/observer.ts';
import type { Observation } from '../../../src/base/observation.ts';
import { createAdmission } from '../../../src/gateway/turn/admission.ts';

const NEVER = new AbortController().signal;

function create() {
  const heard: Observation[] = [];
  const observer = createObserver([(observation) => heard.push(observation)]);
  return { heard, admission: createAdmission({ running: 1, waiting: 1 }, observer) };
}

test('a turn waits for a place, and both are reported', async () => {
  const { heard, admission } = create();
  const first = Promise.withResolvers<void>();
  const order: string[] = [];
  const running = admission.run(NEVER, async () => {
    order.push('first');
    await first.promise;
  });
  const waiting = admission.run(NEVER, async () => void order.push('second'));
  await Promise.resolve();
  expect(order).toEqual(['first']);
  first.resolve();
  await Promise.all([running, waiting]);
  expect(order).toEqual(['first', 'second']);
  expect(heard).toEqual([
    { type: 'turn-queued', running: 1, waiting: 1 },
    { type: 'turn-admitted', waitedMs: expect.any(Number) },
    { type: 'turn-admitted', waitedMs: expect.any(Number) },
  ]);
});

test('a turn is refused when the queue is full, and is not reported', async () => {
  const { heard, admission } = create();
  const end = Promise.withResolvers<void>();
  const admitted = [0, 1].map(() => admission.run(NEVER, () => end.promise));
  await Promise.resolve();
  const before = heard.length;
  await expect(admission.run(NEVER, async () => {})).rejects.toMatchObject({ code: 'queue_full' });
  expect(heard).toHaveLength(before);
  end.resolve();
  await Promise.all(admitted);
});

test('an abort ends the wait for a place', async () => {
  const { admission } = create();
  const end = Promise.withResolvers<void>();
  const running = admission.run(NEVER, () => end.promise);
  const controller = new AbortController();
  const waiting = admission.run(controller.signal, async () => {});
  controller.abort(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  end.resolve();
  await running;
});
