import { expect, it } from 'vitest';
import { createObserver, SILENT } from '../../../src/app/log/observer.ts';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import type { Observation } from '../../../src/base/observation.ts';
import { createAdmission, type Admission } from '../../../src/gateway/turn/admission.ts';

const NO_ROOM = { code: 'queue_full', detail: { retryAfter: 5 } };

function create({ running = 1, waiting = 1, perToken = 100 } = {}) {
  return createAdmission({ running, waiting, perToken }, SILENT);
}

/** Admits a request for one answer whose turn runs until it is ended. */
function hold(admission: Admission, caller = 'a', signal = NEVER_ABORTED) {
  const { promise, resolve: end } = Promise.withResolvers<void>();
  const [reservation] = admission.reserve(caller, 1);
  const ended = reservation!.run(signal, () => promise);
  return { end, ended, reservation: reservation! };
}

it('a turn waits for a place, and both are reported and counted', async () => {
  const heard: Observation[] = [];
  const observer = createObserver([(observation) => heard.push(observation)]);
  const admission = createAdmission({ running: 1, waiting: 1, perToken: 2 }, observer);
  const [first, second] = [hold(admission), hold(admission)];
  expect(admission.count()).toEqual({ running: 1, waiting: 1 });
  first.end();
  await first.ended;
  expect(admission.count()).toEqual({ running: 1, waiting: 0 });
  second.end();
  await second.ended;
  expect(admission.count()).toEqual({ running: 0, waiting: 0 });
  expect(heard).toEqual([
    { type: 'turns-changed', running: 1, waiting: 0 },
    { type: 'turn-queued', running: 1, waiting: 1 },
    { type: 'turns-changed', running: 1, waiting: 1 },
    { type: 'turn-admitted', waitedMs: expect.any(Number) },
    { type: 'turns-changed', running: 1, waiting: 0 },
    { type: 'turn-admitted', waitedMs: expect.any(Number) },
    { type: 'turns-changed', running: 0, waiting: 0 },
  ]);
});

it('a request is refused at once when the queue is full, and admitted again when a turn has ended', async () => {
  const admission = create();
  const [first] = [hold(admission), hold(admission)];
  expect(() => admission.reserve('b', 1)).toThrow(expect.objectContaining(NO_ROOM));
  first.end();
  await first.ended;
  expect(admission.reserve('b', 1)).toHaveLength(1);
});

it('a request for several answers is refused as a whole when not all of them find room', () => {
  const admission = create({ running: 2, waiting: 2 });
  hold(admission);
  expect(() => admission.reserve('a', 4)).toThrow(expect.objectContaining(NO_ROOM));
  expect(admission.reserve('a', 3)).toHaveLength(3);
});

it('a caller has at most so many requests, however many answers each of them takes', async () => {
  const admission = create({ running: 2, waiting: 20, perToken: 2 });
  const many = admission.reserve('a', 5);
  const second = hold(admission);
  expect(() => admission.reserve('a', 1)).toThrow(expect.objectContaining(NO_ROOM));
  expect(() => admission.reserve('a', 1)).toThrow('too many requests with this API key are being answered');
  expect(admission.reserve('b', 1)).toHaveLength(1);
  second.end();
  await second.ended;
  expect(admission.reserve('a', 1)).toHaveLength(1);
  expect(() => admission.reserve('a', 1)).toThrow(expect.objectContaining(NO_ROOM));
  for (const reservation of many) reservation.cancel();
  expect(admission.reserve('a', 1)).toHaveLength(1);
});

it('a reservation that is cancelled twice, or after its turn has run, gives back its room once', async () => {
  const admission = create({ running: 1, waiting: 1 });
  const { reservation, end, ended } = hold(admission);
  reservation.cancel();
  const [unused] = admission.reserve('a', 1);
  expect(() => admission.reserve('a', 1)).toThrow(expect.objectContaining(NO_ROOM));
  unused!.cancel();
  unused!.cancel();
  const [again] = admission.reserve('a', 1);
  expect(() => admission.reserve('a', 1)).toThrow(expect.objectContaining(NO_ROOM));
  again!.cancel();
  end();
  await ended;
  expect(admission.reserve('a', 2)).toHaveLength(2);
});

it('a further turn of an answer is never refused, and comes before all that wait', async () => {
  const admission = create({ running: 1, waiting: 1, perToken: 2 });
  const first = hold(admission);
  first.end();
  await first.ended;
  const order: string[] = [];
  const [running, waiting] = [hold(admission), admission.reserve('b', 1)[0]!];
  const waits = waiting.run(NEVER_ABORTED, async () => void order.push('b'));
  const further = first.reservation.run(NEVER_ABORTED, async () => void order.push('further'));
  running.end();
  await Promise.all([waits, further]);
  expect(order).toEqual(['further', 'b']);
  expect(admission.count()).toEqual({ running: 0, waiting: 0 });
});

it('an abort ends the wait for a place, and the room is free again', async () => {
  const admission = create({ perToken: 2 });
  hold(admission);
  const controller = new AbortController();
  const { ended } = hold(admission, 'a', controller.signal);
  controller.abort(new Error('gone'));
  await expect(ended).rejects.toThrow('gone');
  expect(admission.count()).toEqual({ running: 1, waiting: 0 });
  expect(admission.reserve('a', 1)).toHaveLength(1);
});

it('a caller may have a limit of turns, which is checked before anything is reserved', () => {
  const asked: unknown[] = [];
  const limits = { running: 2, waiting: 9, perToken: 9 };
  const admission = createAdmission(limits, SILENT, (caller, turns) => {
    asked.push([caller, turns]);
    if (turns.held + turns.asked > 3) throw new Error('over its limit');
  });
  const [held] = admission.reserve('a', 3);
  expect(() => admission.reserve('a', 1)).toThrow('over its limit');
  admission.reserve('b', 1);
  held!.cancel();
  expect(admission.reserve('a', 1)).toHaveLength(1);
  expect(asked).toEqual([
    ['a', { held: 0, asked: 3 }],
    ['a', { held: 3, asked: 1 }],
    ['b', { held: 0, asked: 1 }],
    ['a', { held: 2, asked: 1 }],
  ]);
});
