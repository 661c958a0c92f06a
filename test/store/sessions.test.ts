import { expect, it } from 'vitest';
import type { SessionStore, StoredSession } from '../../src/conversation/ports/session-store.ts';
import { openTestStores } from '../support/open-test-stores.ts';

function storedSession(id: string, changes: Partial<StoredSession> = {}): StoredSession {
  return {
    id,
    owner: 'main',
    updatedAt: 1,
    isRunning: false,
    body: { id, status: 'idle' },
    details: { context: { active_editor: id } },
    ...changes,
  };
}

async function openSessions(): Promise<SessionStore> {
  return (await openTestStores()).sessionsFor('token', false);
}

const events = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, place) => ({ id: from + place, event: { n: from + place } }));

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
  expect(await store.deleteMessage('s', 'a')).toBe(true);
  expect(await store.listMessages('s', { limit: 1 })).toEqual([{ id: 'c', text: 'c' }]);
  expect(await store.addEvents('s', events(1, 3))).toBe(true);
  expect(await store.eventsAfter('s', 1, 10)).toEqual({ events: events(2, 3), isComplete: true });
  expect(await store.eventsAfter('s', 0, 2)).toEqual({ events: events(1, 2), isComplete: true });
  expect(await store.lastEventId('s')).toBe(3);
});
