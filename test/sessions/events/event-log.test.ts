import { expect, it, vi } from 'vitest';
import type { StoredEvent } from '../../../src/conversation/ports/session-store.ts';
import { eventsInStore } from '../../../src/sessions/events/event-keeper.ts';
import { createEventLog, readEarlierEvents } from '../../../src/sessions/events/event-log.ts';
import type { LoggedEvent } from '../../../src/sessions/events/logged-event.ts';
import { EVENT_TYPES, eventSchemas } from '../../../src/sessions/events/session-event.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { openTestStores } from '../../support/open-test-stores.ts';
import { storedSession } from '../../support/stored-session.ts';

async function openLog({ path }: { readonly path?: string } = {}) {
  const stores = await openTestStores(path === undefined ? {} : { path });
  const store = stores.sessionsFor('test-token-of-this-suite', false);
  if (path === undefined) await store.createSession(storedSession('s1'));
  const log = createEventLog({ ...(await readEarlierEvents(store, 's1')), ...eventsInStore(store, 's1') });
  return { log, store, stores };
}

function delta(text: string) {
  return { turn_id: 't1', item_id: 'i1', delta: text } as const;
}

it('missed events come back whole and in order, whether they are stored yet or not', async () => {
  const { log } = await openLog();
  const first = log.lastId;
  for (let count = 0; count < 700; count += 1) log.add('item.agent_message.delta', delta(String(count)));
  await log.flush();
  log.add('turn.completed', { turn_id: 't1', status: 'completed' });
  const { events, isComplete } = await log.after(first + 100, 500);
  expect(isComplete).toBe(true);
  expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 500 }, (_, place) => first + 101 + place));
  const rest = await log.after(events.at(-1)!.id, 500);
  expect(rest.events.map(({ type }) => type).at(-1)).toBe('turn.completed');
  expect(rest.events.length).toBe(101);
});

it('after a restart the ids go on above every id that a client may know, and older events are still there', async () => {
  const { log, stores } = await openLog();
  log.add('turn.started', { turn_id: 't1' });
  await log.flush();
  log.add('item.agent_message.delta', delta('never stored'));
  const known = log.lastId;
  stores.close();
  const { log: again } = await openLog({ path: stores.path });
  expect(again.lastId).toBeGreaterThan(known);
  expect(again.latest().map(({ type }) => type)).toEqual(['turn.started']);
  again.add('turn.completed', { turn_id: 't1', status: 'interrupted' });
  const { events, isComplete } = await again.after(known, 10);
  expect(isComplete).toBe(true);
  expect(events.map(({ type }) => type)).toEqual(['turn.completed']);
  expect((await again.after(known - 2, 10)).events.map(({ type }) => type)).toEqual([
    'turn.started',
    'turn.completed',
  ]);
});

it('events that are older than what is kept are reported as gone', async () => {
  const { log } = await openLog();
  const first = log.lastId;
  for (let count = 0; count < 3_000; count += 1) log.add('item.agent_message.delta', delta('x'));
  await log.flush();
  const { events, isComplete } = await log.after(first, 10);
  expect(isComplete).toBe(false);
  expect(events[0]!.id).toBeGreaterThan(first + 500);
});

it('a store that fails for a while loses nothing', async () => {
  const stored: StoredEvent[] = [];
  const addEvents = vi
    .fn<(id: string, events: readonly StoredEvent[]) => Promise<boolean>>()
    .mockRejectedValueOnce(new Error('disk full'))
    .mockImplementation(async (_, events) => stored.push(...events) > 0);
  const place = eventsInStore(
    { addEvents, eventsAfter: async () => ({ events: [], isComplete: true }) },
    's1',
  );
  const log = createEventLog({ lastId: 0, latest: [], ...place });
  log.add('turn.started', { turn_id: 't1' });
  await log.flush();
  expect((await log.after(0, 10)).events.map(({ id }) => id)).toEqual([1]);
  log.add('turn.completed', { turn_id: 't1', status: 'completed' });
  await log.flush();
  expect(stored.map(({ id }) => id)).toEqual([1, 2]);
});

it('all readers of an event share its JSON, and without a reader none is made', async () => {
  const { log } = await openLog();
  const stringify = vi.spyOn(JSON, 'stringify');
  log.add('item.agent_message.delta', delta('unread'));
  expect(stringify).not.toHaveBeenCalled();
  const heard: LoggedEvent[] = [];
  for (let reader = 0; reader < 3; reader += 1)
    log.follow({ onEvent: (event) => heard.push(event), onEnd: () => {} });
  log.add('item.agent_message.delta', delta('read'));
  const texts = heard.map(({ json }) => json);
  expect(new Set(texts).size).toBe(1);
  expect(stringify).toHaveBeenCalledTimes(1);
  stringify.mockRestore();
});

it('100,000 events with a reader leave memory as it was', async () => {
  const log = createEventLog({
    lastId: 0,
    latest: [],
    save: async () => {},
    load: async () => ({ events: [], isComplete: true }),
  });
  let characters = 0;
  log.follow({ onEvent: ({ json }) => void (characters += json.length), onEnd: () => {} });
  async function heapAfter(count: number): Promise<number> {
    for (let place = 0; place < count; place += 1) {
      log.add('item.agent_message.delta', delta('some words '));
      if (place % 1_000 === 0) await new Promise(setImmediate);
    }
    await log.flush();
    await collectGarbage();
    return process.memoryUsage().heapUsed;
  }
  const before = await heapAfter(5_000);
  expect((await heapAfter(100_000)) - before).toBeLessThan(3_000_000);
  expect(characters).toBeGreaterThan(10_000_000);
});

it('every type of event has a schema with its name, an id and a time', () => {
  for (const type of EVENT_TYPES) {
    const schema = eventSchemas[type];
    const { error } = schema.safeParse({ type });
    const missing = error!.issues.map(({ path }) => path[0]);
    expect(missing).toEqual(expect.arrayContaining(['id', 'created_at']));
    expect(missing).not.toContain('type');
  }
});
