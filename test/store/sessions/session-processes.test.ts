import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openTestStores, storePath } from '../../support/open-test-stores.ts';
import { startStoreProcess } from '../../support/start-store-process.ts';
import { message } from '../../support/stored-response.ts';
import { someEvents, storedSession } from '../../support/stored-session.ts';

it('two processes that write sessions into one file at once lose nothing', async () => {
  const path = storePath();
  const store = (await openTestStores({ path })).sessionsFor('token', false);
  await store.createSession(storedSession('shared'));
  await Promise.all(['a', 'b'].map((name) => startStoreProcess(path, 'write-sessions', name)));
  const messages = (await store.listMessages('shared'))!;
  expect(messages).toHaveLength(200);
  for (const name of ['a', 'b']) {
    const ids = messages.map(({ id }) => String(id)).filter((id) => id.startsWith(name));
    expect(ids).toEqual(Array.from({ length: 100 }, (_, turn) => `${name}${turn + 1}`));
    expect((await store.eventsAfter(name, 0, 1_000)).events).toEqual(someEvents(1, 300));
    expect(await store.findSession(name)).toMatchObject({ updatedAt: 100, isRunning: false });
  }
});

it('a session that runs in a live gateway is left alone, and found by the next one once that gateway was killed', async () => {
  const path = storePath();
  const child = await startStoreProcess(path, 'run-session', 's');
  const store = (await openTestStores({ path })).sessionsFor('token', false);
  const running = storedSession('s', { isRunning: true });
  expect(await store.findSession('s')).toEqual({ ...running, runsElsewhere: true });
  expect(await store.claimInterrupted()).toEqual([]);
  expect(await store.saveSession(storedSession('s'))).toBe('elsewhere');
  await child.kill();
  // Also without being asked, it is seen that nothing runs it.
  expect(await store.findSession('s')).toEqual({ ...running, runsElsewhere: false });
  const other = (await openTestStores({ path })).sessionsFor('token', false);
  expect(await store.claimInterrupted()).toEqual([{ ...running, runsElsewhere: false }]);
  expect(await other.claimInterrupted()).toEqual([]);
  expect((await other.findSession('s'))!.runsElsewhere).toBe(true);
  expect(await store.listMessages('s')).toEqual([message('m', 'question')]);
  expect(await store.lastEventId('s')).toBe(3);
  expect(await store.saveSession(storedSession('s'))).toBe('saved');
  expect((await other.findSession('s'))!.isRunning).toBe(false);
});

it('a session that ran when its gateway was closed is found by the next one in the same process', async () => {
  const first = await openTestStores();
  const before = first.sessionsFor('token', false);
  await before.createSession(storedSession('s', { isRunning: true }));
  await before.createSession(storedSession('idle'));
  first.close();
  const store = (await openTestStores({ path: first.path })).sessionsFor('token', false);
  expect((await store.claimInterrupted()).map(({ id }) => id)).toEqual(['s']);
});

it('a session of another machine counts as running until it was not touched for an hour', async () => {
  const clock = { time: Date.now() };
  const first = await openTestStores();
  await first.sessionsFor('token', false).createSession(storedSession('s', { isRunning: true }));
  const database = new DatabaseSync(first.path);
  database.exec(`UPDATE sessions SET runner = json_set(runner, '$.host', 'another-host')`);
  database.close();
  const { sessionsFor } = await openTestStores({ path: first.path, now: () => clock.time });
  const store = sessionsFor('token', false);
  for (let minutes = 0; minutes < 60; minutes += 10) {
    expect((await store.findSession('s'))!.runsElsewhere).toBe(true);
    clock.time += 10 * 60_000;
  }
  clock.time += 60_000;
  expect((await store.findSession('s'))!.runsElsewhere).toBe(false);
  expect((await store.claimInterrupted()).map(({ id }) => id)).toEqual(['s']);
});

it('a file of the previous schema version gets the tables of sessions and keeps its responses', async () => {
  const { path, forToken, close } = await openTestStores();
  const conversation = { id: 'c', metadata: {}, createdAt: 1 };
  await forToken('token').saveConversation(conversation);
  close();
  const database = new DatabaseSync(path);
  for (const table of ['session_details', 'session_messages', 'session_events', 'sessions']) {
    database.exec(`DROP TABLE ${table}`);
  }
  database.exec('PRAGMA user_version = 2');
  database.close();
  const next = await openTestStores({ path });
  await next.sessionsFor('token', false).createSession(storedSession('s'));
  next.close();
  const last = await openTestStores({ path });
  expect((await last.sessionsFor('token', false).findSession('s'))!.id).toBe('s');
  expect(await last.forToken('token').findConversation('c')).toEqual(conversation);
});
