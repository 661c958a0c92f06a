import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import type { SessionStore } from '../../../src/conversation/ports/session-store.ts';
import { openTestStores } from '../../support/open-test-stores.ts';
import { someEvents, storedSession } from '../../support/stored-session.ts';

const DAY = 86_400_000;
const MEGABYTE = 1_000_000;

async function idsIn(store: SessionStore): Promise<string[]> {
  return (await store.listSessions({ owner: 'main', limit: 1_000 })).map(({ id }) => id).toSorted();
}

it('a session keeps its last events, and says which ones are gone, however many there were', async () => {
  const { path, sessionsFor, close } = await openTestStores();
  const store = sessionsFor('token', false);
  await store.createSession(storedSession('s'));
  await store.createSession(storedSession('other'));
  await store.addEvents('other', someEvents(1, 1));
  for (let end = 2_000; end <= 100_000; end += 2_000)
    await store.addEvents('s', someEvents(end - 1_999, end));
  const all = await store.eventsAfter('s', 0, 100_000);
  expect(all.isComplete).toBe(false);
  expect(all.events.length).toBeGreaterThanOrEqual(2_000);
  expect(all.events.length).toBeLessThanOrEqual(2_200);
  expect(all.events).toEqual(someEvents(100_001 - all.events.length, 100_000));
  const first = all.events[0]!.id;
  expect((await store.eventsAfter('s', first - 1, 1)).isComplete).toBe(true);
  expect((await store.eventsAfter('s', first - 2, 1)).isComplete).toBe(false);
  expect((await store.eventsAfter('other', 0, 1)).isComplete).toBe(true);
  close();
  expect(statSync(path).size).toBeLessThan(MEGABYTE);
});

it('a session keeps large events up to a size in all, and the last one whatever its size', async () => {
  const store = (await openTestStores()).sessionsFor('token', false);
  await store.createSession(storedSession('s'));
  const large = (id: number, size: number) => ({ id, event: { text: 'x'.repeat(size) } });
  for (let id = 1; id <= 30; id += 1) await store.addEvents('s', [large(id, MEGABYTE)]);
  const kept = (await store.eventsAfter('s', 0, 100)).events.map(({ id }) => id);
  expect(kept.at(-1)).toBe(30);
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.length).toBeLessThan(20);
  await store.addEvents('s', [large(31, 20 * MEGABYTE)]);
  expect((await store.eventsAfter('s', 0, 100)).events.map(({ id }) => id)).toEqual([31]);
});

it('sessions that nothing has touched for too many days are deleted with everything, except one that runs', async () => {
  const clock = { time: 1_700_000_000_000 };
  const retention = { days: 2, count: 1_000 };
  const { path, sessionsFor } = await openTestStores({ retention, now: () => clock.time });
  const store = sessionsFor('token', false);
  for (const id of ['old', 'read', 'told', 'heard', 'running']) {
    await store.createSession(storedSession(id, { isRunning: id === 'running' }));
    await store.addMessage(id, { id: 'm' });
    await store.addEvents(id, someEvents(1, 2));
  }
  clock.time += 1.5 * DAY;
  await store.findSession('read');
  await store.addMessage('told', { id: 'n' });
  await store.addEvents('heard', someEvents(3, 3));
  clock.time += DAY;
  await store.createSession(storedSession('new'));
  expect(await idsIn(store)).toEqual(['heard', 'new', 'read', 'running', 'told']);
  const database = new DatabaseSync(path);
  const count = (table: string) => database.prepare(`SELECT count(*) AS count FROM ${table}`).get()!.count;
  expect(['session_details', 'session_messages', 'session_events'].map(count)).toEqual([5, 5, 9]);
  database.close();
});

it('the least recently used sessions go when there are too many', async () => {
  const first = await openTestStores();
  const store = first.sessionsFor('token', false);
  for (const id of ['a', 'b', 'c', 'd']) {
    await store.createSession(storedSession(id, { isRunning: id === 'a' }));
  }
  const second = await openTestStores({ path: first.path, retention: { days: 30, count: 2 } });
  expect(await idsIn(second.sessionsFor('token', false))).toEqual(['a', 'c', 'd']);
});

it('a store in memory drops its least recently used idle sessions before it grows too large', async () => {
  const memoryBytes = 10 * MEGABYTE;
  const { sessionsFor } = await openTestStores({ path: ':memory:', memoryBytes });
  const store = sessionsFor('token', false);
  for (let place = 0; place < 9; place += 1) {
    await store.createSession(storedSession(`s${place}`, { isRunning: place === 0 }));
    await store.addMessage(`s${place}`, { id: 'm', text: 'x'.repeat(2 * MEGABYTE) });
  }
  expect(await idsIn(store)).toEqual(['s0', 's6', 's7', 's8']);
  // What cannot be dropped is kept.
  await store.addEvents('s0', [{ id: 1, event: { text: 'x'.repeat(15 * MEGABYTE) } }]);
  expect(await idsIn(store)).toEqual(['s0']);
});
