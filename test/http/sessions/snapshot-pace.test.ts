import { expect, it } from 'vitest';
import { createSnapshotPace } from '../../../src/http/sessions/snapshot-pace.ts';

/** A pace and a clock that only waits for it. */
function start() {
  let time = 1_000;
  const pace = createSnapshotPace(() => time);
  return {
    pace,
    pass: (ms: number) => void (time += ms),
    /** Sends what may be sent now, and returns the names. */
    send() {
      const names: string[] = [];
      while (pace.waitMs() === 0) {
        names.push(pace.take()!);
        pace.sent(1);
      }
      return names;
    },
  };
}

it('in any second at most ten snapshots are sent, and a change that clients wait for does not wait behind progress', () => {
  const { pace, pass, send } = start();
  const times: number[] = [];
  for (let time = 0; time < 5_000; time += 5) {
    pace.add('session.event');
    for (const _ of send()) times.push(time);
    pass(5);
  }
  for (const time of times)
    expect(times.filter((other) => other >= time && other < time + 1_000).length).toBeLessThanOrEqual(10);
  expect(times.length).toBeGreaterThan(30);
  pace.add('session.approval.required');
  expect(send()).toContain('session.approval.required');
});

it('a short turn is shown by every name in its order', () => {
  const { pace, send, pass } = start();
  const names = [
    'session.updated',
    'session.queued',
    'session.running',
    'session.event',
    'session.event',
    'session.message',
    'session.completed',
  ] as const;
  for (const name of names) pace.add(name);
  const sent = send();
  pass(1_000);
  expect([...sent, ...send()]).toEqual([
    'session.queued',
    'session.running',
    'session.event',
    'session.message',
    'session.completed',
  ]);
});

it('a reader that takes nothing for long hears of few changes, of the last one at the end', () => {
  const { pace, send, pass } = start();
  for (let turn = 0; turn < 1_000; turn += 1) {
    pace.add('session.running');
    pace.add('session.event');
    pace.add('session.message');
    pace.add('session.completed');
  }
  const sent: string[] = [];
  for (let second = 0; second < 20; second += 1) {
    sent.push(...send());
    pass(1_000);
  }
  expect(sent.length).toBeLessThan(20);
  expect(sent.at(-1)).toBe('session.completed');
});

it('a session that is slow to encode is shown less often', () => {
  const { pace, pass } = start();
  pace.add('session.event');
  pace.take();
  pace.sent(200);
  pass(500);
  pace.add('session.event');
  expect(pace.waitMs()).toBeGreaterThanOrEqual(500);
});
