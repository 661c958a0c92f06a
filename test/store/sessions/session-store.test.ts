import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { SessionStore } from '../../../src/conversation/ports/session-store.ts';
import { openTestStores } from '../../support/open-test-stores.ts';
import { someEvents, storedSession } from '../../support/stored-session.ts';

async function openSessions(): Promise<SessionStore> {
  return (await openTestStores()).sessionsFor('token', false);
}

const NONE = { events: [], isComplete: false };

it('a session is found as it was saved last, and its messages and events in their order', async () => {
  const store = await openSessions();
  await store.createSession(storedSession('s'));
  expect(await store.findSession('s')).toEqual({ ...storedSession('s'), runsElsewhere: false });
  const later = storedSession('s', { updatedAt: 2, body: { status: 'x' }, details: {}, isRunning: true });
  expect(await store.saveSession(later)).toBe('saved');
  expect(await store.findSession('s')).toEqual({ ...later, runsElsewhere: false });
  for (const id of ['b', 'a', 'c']) expect(await store.addMessage('s', { id, text: id })).toBe(true);
  expect(await store.updateMessage('s', { id: 'a', text: 'changed' })).toBe(true);
  expect(await store.listMessages('s')).toEqual([
    { id: 'b', text: 'b' },
    { id: 'a', text: 'changed' },
    { id: 'c', text: 'c' },
  ]);
  expect(await store.listMessages('s', { limit: 1, before: 'c' })).toEqual([{ id: 'a', text: 'changed' }]);
  expect(await store.listMessages('s', { limit: 1, before: 'b' })).toEqual([]);
  expect(await store.deleteMessage('s', 'a')).toBe(true);
  expect(await store.listMessages('s', { limit: 1 })).toEqual([{ id: 'c', text: 'c' }]);
  expect(await store.addEvents('s', someEvents(1, 3))).toBe(true);
  expect(await store.eventsAfter('s', 1, 10)).toEqual({ events: someEvents(2, 3), isComplete: true });
  expect(await store.eventsAfter('s', 0, 2)).toEqual({ events: someEvents(1, 2), isComplete: true });
  expect(await store.lastEventId('s')).toBe(3);
  const earlier = [
    { id: 'a', text: 'one' },
    { id: 'b', text: 'two' },
  ];
  await store.createSession(storedSession('t'), earlier);
  expect(await store.listMessages('t')).toEqual(earlier);
});

it('a list has the sessions of one owner in pages, the last updated first, and without their details', async () => {
  const store = await openSessions();
  for (let place = 0; place < 10; place += 1) {
    const body = { status: place % 2 ? 'idle' : 'running', workspace_root: `/w/${place % 3}` };
    await store.createSession(storedSession(`s${place}`, { updatedAt: place >> 1, body }));
  }
  await store.createSession(storedSession('other', { owner: 'other' }));
  const seen: string[] = [];
  let page = await store.listSessions({ owner: 'main', limit: 4 });
  const first = storedSession('s9', { updatedAt: 4, body: { status: 'idle', workspace_root: '/w/0' } });
  expect({ details: first.details, ...page[0] }).toEqual({ ...first, runsElsewhere: false });
  expect(page[0]).not.toHaveProperty('details');
  while (page.length > 0) {
    seen.push(...page.map(({ id }) => id));
    page = await store.listSessions({ owner: 'main', limit: 4, before: page.at(-1) });
  }
  expect(seen).toEqual(['s9', 's8', 's7', 's6', 's5', 's4', 's3', 's2', 's1', 's0']);
  const filter = { status: 'idle', workspace_root: '/w/1' };
  expect((await store.listSessions({ owner: 'main', limit: 9, filter })).map(({ id }) => id)).toEqual([
    's7',
    's1',
  ]);
  expect((await store.listSessions({ owner: 'other', limit: 9 })).map(({ id }) => id)).toEqual(['other']);
  expect(await store.listSessions({ owner: 'nobody', limit: 9 })).toEqual([]);
});

it('a deleted session takes everything along, and nothing brings it back', async () => {
  const { path, sessionsFor, close } = await openTestStores();
  const store = sessionsFor('token', false);
  for (const id of ['gone', 'kept']) {
    const details = { context: `context of ${id}` };
    await store.createSession(storedSession(id, { details, body: { title: `title of ${id}` } }));
    await store.addMessage(id, { id: 'm', text: `message of ${id}` });
    await store.addEvents(id, [{ id: 1, event: { text: `event of ${id}` } }]);
  }
  expect(await store.deleteSession('gone')).toBe(true);
  expect(await store.deleteSession('gone')).toBe(false);
  expect(await store.saveSession(storedSession('gone'))).toBe('missing');
  expect(await store.addMessage('gone', { id: 'n' })).toBe(false);
  expect(await store.updateMessage('gone', { id: 'm' })).toBe(false);
  expect(await store.deleteMessage('gone', 'm')).toBe(false);
  expect(await store.addEvents('gone', someEvents(2, 3))).toBe(false);
  expect(await store.findSession('gone')).toBeUndefined();
  expect(await store.listMessages('gone')).toEqual([]);
  expect(await store.eventsAfter('gone', 0, 9)).toEqual(NONE);
  expect(await store.lastEventId('gone')).toBe(0);
  expect(await store.listMessages('kept', { limit: 9, before: 'unknown' })).toBeUndefined();
  close();
  const text = readFileSync(path, 'latin1');
  for (const what of ['title', 'context', 'message', 'event']) {
    expect([text.includes(`${what} of kept`), text.includes(`${what} of gone`)]).toEqual([true, false]);
  }
});

it('the main token of another gateway on the file sees none of its sessions, but those of the named callers, and knows which there are', async () => {
  const { sessionsFor } = await openTestStores();
  const [one, other] = [sessionsFor('one', false), sessionsFor('other', false)];
  await one.createSession(storedSession('main'));
  await one.createSession(storedSession('named', { owner: 'tok' }));
  expect(await other.findSession('main')).toBeUndefined();
  expect([await other.hasSession('main'), await other.hasSession('unknown')]).toEqual([true, false]);
  expect(await other.listSessions({ owner: 'main', limit: 9 })).toEqual([]);
  expect(await other.saveSession(storedSession('main'))).toBe('missing');
  expect(await other.deleteSession('main')).toBe(false);
  expect((await other.findSession('named'))!.owner).toBe('tok');
  expect(await other.listSessions({ owner: 'tok', limit: 9 })).toHaveLength(1);
});

it('the sessions of a token that is forgotten go with it, and those of the named callers stay', async () => {
  const { sessionsFor, forget } = await openTestStores();
  const store = sessionsFor('token', true);
  await store.createSession(storedSession('main', { isRunning: true }));
  await store.createSession(storedSession('named', { owner: 'tok' }));
  forget('token');
  expect(await store.findSession('main')).toBeUndefined();
  expect((await store.findSession('named'))!.id).toBe('named');
  expect(await store.listSessions({ owner: 'main', limit: 9 })).toEqual([]);
});

it('event ids rise over restarts, also those of events that are no longer kept, and a repeated event counts once', async () => {
  const { path, sessionsFor, close } = await openTestStores();
  const store = sessionsFor('token', false);
  await store.createSession(storedSession('s'));
  await store.addEvents('s', someEvents(1, 3_000));
  close();
  const next = (await openTestStores({ path })).sessionsFor('token', false);
  expect(await next.lastEventId('s')).toBe(3_000);
  expect(await next.addEvents('s', someEvents(2_999, 3_002))).toBe(true);
  expect(await next.lastEventId('s')).toBe(3_002);
  expect(await next.eventsAfter('s', 2_998, 9)).toEqual({
    events: someEvents(2_999, 3_002),
    isComplete: true,
  });
});

it('the owners of a thread are found by its id', async () => {
  const store = await openSessions();
  await store.createSession(storedSession('s', { owner: 'one', body: { thread_id: 't' } }));
  await store.createSession(storedSession('r', { owner: 'two', body: { thread_id: null } }));
  expect(await store.threadOwners(['t', 'u'])).toEqual([{ threadId: 't', owner: 'one' }]);
});
