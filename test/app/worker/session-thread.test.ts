import { rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { SILENT } from '../../../src/app/log/observer.ts';
import { startStoreThread, type StoreThreadOptions } from '../../../src/app/worker/store-thread.ts';
import { PLENTY, storePath } from '../../support/open-test-stores.ts';
import { someEvents, storedSession } from '../../support/stored-session.ts';

async function startSessions(options: Partial<StoreThreadOptions> = {}) {
  const { path = storePath() } = options;
  const thread = await startStoreThread({ retention: PLENTY, observer: SILENT, ...options, path });
  onTestFinished(thread.close);
  return { path, thread, store: thread.sessions('token', false) };
}

it('the store thread returns sessions, messages and events as they were saved, including long lists', async () => {
  const { store } = await startSessions({ path: ':memory:' });
  await store.createSession(storedSession('s', { isRunning: true }));
  expect(await store.saveSession(storedSession('s', { updatedAt: 2 }))).toBe('saved');
  const { details, ...listed } = storedSession('s', { updatedAt: 2 });
  expect(await store.listSessions({ owner: 'main', limit: 9 })).toEqual([
    { ...listed, runsElsewhere: false },
  ]);
  expect(await store.findSession('s')).toEqual({ ...listed, details, runsElsewhere: false });
  expect(await store.claimInterrupted()).toEqual([]);
  expect(await store.threadOwners(['t'])).toEqual([]);
  const messages = Array.from({ length: 3 }, (_, place) => ({ id: `m${place}`, text: 'x'.repeat(300_000) }));
  for (const message of messages) expect(await store.addMessage('s', message)).toBe(true);
  expect(await store.listMessages('s')).toEqual(messages);
  expect(await store.updateMessage('s', { id: 'm1', text: 'short' })).toBe(true);
  expect(await store.deleteMessage('s', 'm2')).toBe(true);
  expect(await store.listMessages('s', { limit: 1 })).toEqual([{ id: 'm1', text: 'short' }]);
  expect(await store.addEvents('s', someEvents(1, 1_500))).toBe(true);
  expect(await store.eventsAfter('s', 0, 2_000)).toEqual({ events: someEvents(1, 1_500), isComplete: true });
  expect(await store.lastEventId('s')).toBe(1_500);
  expect(await store.deleteSession('s')).toBe(true);
  expect(await store.findSession('s')).toBeUndefined();
});

it('a session is listed while another process has the file locked, and one that cannot be saved is a storage error', async () => {
  const { store, path } = await startSessions({ lockTimeoutMs: 50 });
  await store.createSession(storedSession('s'));
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect(await store.listSessions({ owner: 'main', limit: 9 })).toHaveLength(1);
  await expect(store.addMessage('s', { id: 'm' })).rejects.toMatchObject({
    code: 'storage_busy',
    message: 'The gateway cannot store this now: another process has its database locked; try again.',
  });
  other.close();
  expect(await store.addMessage('s', { id: 'm' })).toBe(true);
});

it('a session that finds the disk full is a storage error, and is saved once there is room', async () => {
  const { store } = await startSessions({ maxPages: 80 });
  const text = 'x'.repeat(1_000_000);
  const full = {
    code: 'storage_full',
    message: 'The gateway cannot store this: no space is left on its disk; free some.',
  };
  await expect(store.createSession(storedSession('s', { details: { text } }))).rejects.toMatchObject(full);
  await store.createSession(storedSession('s'));
  await expect(store.addEvents('s', [{ id: 1, event: { text } }])).rejects.toMatchObject(full);
  expect(await store.addEvents('s', someEvents(1, 2))).toBe(true);
  const { store: none } = await startSessions({ minFreeBytes: Infinity });
  await expect(none.createSession(storedSession('s'))).rejects.toMatchObject(full);
});

it('a session in a damaged file is a storage error without the path', async () => {
  const { store, path } = await startSessions();
  await store.createSession(storedSession('s'));
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`);
  writeFileSync(path, 'no database'.repeat(1000));
  await expect(store.findSession('s')).rejects.toMatchObject({ code: 'storage_failed' });
  const error = await store.saveSession(storedSession('s')).catch((reason: unknown) => reason);
  expect((error as Error).message).not.toMatch(/store: false|store\.sqlite/);
});

it('a session goes on when the store thread ends, and its process counts as alive', async () => {
  const { store, path } = await startSessions({ idle: { firstMs: 0, laterMs: 0 } });
  await store.createSession(storedSession('s', { isRunning: true }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await store.claimInterrupted()).toEqual([]);
  expect((await store.findSession('s'))!.runsElsewhere).toBe(false);
  const { store: second } = await startSessions({ path });
  expect(await second.claimInterrupted()).toEqual([]);
  expect((await second.findSession('s'))!.runsElsewhere).toBe(true);
  expect(await store.saveSession(storedSession('s'))).toBe('saved');
});
