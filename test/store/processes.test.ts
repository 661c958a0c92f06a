import { existsSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/conversation/ports/store.ts';
import { openTestStores, storePath } from '../support/open-test-stores.ts';
import { startStoreProcess } from '../support/start-store-process.ts';
import { message, storedResponse } from '../support/stored-response.ts';

const ERROR = {
  type: 'server_error',
  code: 'server_error',
  message: 'The gateway ended before the response was complete.',
  param: null,
};

/** Creates an unfinished response in the state it has after its process died. */
const failed = (id: string) => {
  const response = storedResponse(id, { status: 'in_progress', background: true });
  return { ...response, status: 'failed', body: { ...response.body, status: 'failed', error: ERROR } };
};

async function openAt(path: string): Promise<Store> {
  return (await openTestStores({ path })).forToken('token');
}

/** Changes facts of the owner of whatever is on the way, in the file. */
function changeOwner(path: string, changes: Readonly<Record<string, string | number>>): void {
  const database = new DatabaseSync(path);
  for (const [name, value] of Object.entries(changes)) {
    const done = database
      .prepare('UPDATE responses SET owner = json_set(owner, ?, ?) WHERE owner IS NOT NULL')
      .run(`$.${name}`, value);
    expect(done.changes).toBe(1);
  }
  database.close();
}

it('several processes that write into one file at once lose nothing', async () => {
  const path = storePath();
  // Before there is a file, so that they make it at once, too.
  const processes = ['a', 'b', 'c'].map((name) => startStoreProcess(path, 'write', name));
  await Promise.all(processes);
  const store = await openAt(path);
  for (const name of ['a', 'b', 'c']) {
    for (let turn = 0; turn < 200; turn += 1) {
      const id = `${name}${turn}`;
      const expected = turn % 10 === 4 ? undefined : storedResponse(id, { conversationId: 'shared' });
      expect(await store.findResponse(id)).toEqual(expected);
    }
  }
  const database = new DatabaseSync(path);
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  expect(database.prepare('PRAGMA foreign_key_check').all()).toEqual([]);
  database.close();
});

it('a conversation that two processes add to has every item once', async () => {
  const path = storePath();
  const store = await openAt(path);
  await store.saveConversation({ id: 'shared', metadata: {}, createdAt: 1 });
  await Promise.all(['a', 'b'].map((name) => startStoreProcess(path, 'write', name)));
  const ids = (await store.listItems('shared')).map(({ id }) => id);
  for (const name of ['a', 'b']) {
    const own = Array.from({ length: 200 }, (_, turn) =>
      ['added', 'in', 'out'].map((side) => `${side}_${name}${turn}`),
    ).flat();
    expect(ids.filter((id) => own.includes(String(id)))).toEqual(own);
  }
  expect(ids).toHaveLength(2 * 600);
});

it('reads stored data while another process writes, however long ago it was last used', async () => {
  const path = storePath();
  let time = Date.now();
  const store = (await openTestStores({ path, now: () => time })).forToken('token');
  await store.saveConversation({ id: 'c', metadata: {}, createdAt: 1 });
  await store.saveResponse(storedResponse('r', { conversationId: 'c' }));
  time += 3_600_000;
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  expect((await store.findResponseChain('r'))!.map(({ id }) => id)).toEqual(['r']);
  expect(await store.findConversation('c')).toMatchObject({ id: 'c' });
  expect((await store.findItems(['in_r'])).size).toBe(1);
  other.close();
  // The next write waits again for its turn.
  expect(await store.saveResponse(storedResponse('s'))).toBe(true);
});

it('a kill -9 loses nothing that was saved', async () => {
  const path = storePath();
  const child = await startStoreProcess(path, 'end', 'r');
  await child.kill();
  const store = await openAt(path);
  expect(await store.findResponse('r')).toEqual(storedResponse('r'));
  expect(await store.findItems(['out_r'])).toEqual(new Map([['out_r', message('out_r', 'answer of r')]]));
});

it('drops only the data of a temporary token once its process was killed', async () => {
  const path = storePath();
  const child = await startStoreProcess(path, 'run', 'r');
  const lasting = await openTestStores({ path });
  await lasting.forToken('other').saveResponse(storedResponse('s'));
  const database = new DatabaseSync(path);
  const count = (table: string) => database.prepare(`SELECT count(*) AS count FROM ${table}`).get()!.count;
  const counts = () => ['callers', 'responses', 'contents'].map(count);
  lasting.close();
  (await openTestStores({ path })).close();
  expect(counts()).toEqual([2, 2, 4]);
  await child.kill();
  const next = await openTestStores({ path });
  expect((await next.forToken('other').findResponse('s'))!.id).toBe('s');
  expect(counts()).toEqual([1, 1, 2]);
  database.close();
});

it('opens a file of the previous schema version', async () => {
  const path = storePath();
  const first = await openTestStores({ path });
  await first.forToken('token').saveResponse(storedResponse('r'));
  first.close();
  const database = new DatabaseSync(path);
  database.exec(
    `DROP TABLE session_details; DROP TABLE session_messages; DROP TABLE session_events; DROP TABLE sessions;
     ALTER TABLE callers DROP COLUMN owner; PRAGMA user_version = 1`,
  );
  database.close();
  expect((await (await openAt(path)).findResponse('r'))!.id).toBe('r');
});

describe('an unfinished response', () => {
  it('stays in progress while its process lives and is failed once that process dies', async () => {
    const path = storePath();
    const child = await startStoreProcess(path, 'begin', 'r');
    const store = await openAt(path);
    await store.saveResponse(storedResponse('s', { previousId: 'r' }));
    expect((await store.findResponse('r'))!.status).toBe('in_progress');
    await child.kill();
    expect(await store.findResponseChain('s')).toEqual([
      failed('r'),
      storedResponse('s', { previousId: 'r' }),
    ]);
    expect(await store.findResponse('r')).toEqual(failed('r'));
    expect(await store.saveResponse(storedResponse('r'))).toBe(false);
  });

  it('is failed when the next gateway starts', async () => {
    const path = storePath();
    const child = await startStoreProcess(path, 'begin', 'r');
    await child.kill();
    (await openTestStores({ path })).close();
    const database = new DatabaseSync(path);
    expect(database.prepare('SELECT status, owner FROM responses').get()).toEqual({
      status: 'failed',
      owner: null,
    });
    database.close();
  });

  it('is failed when its gateway is closed while the process goes on', async () => {
    const { path, forToken, close } = await openTestStores();
    const other = await openAt(path);
    await forToken('token').saveResponse(storedResponse('r', { status: 'queued', background: true }));
    expect((await other.findResponse('r'))!.status).toBe('queued');
    close();
    expect((await other.findResponse('r'))!.status).toBe('failed');
  });

  it.each([
    // Elsewhere than on Linux, nothing tells the two apart.
    ...(existsSync('/proc/self/stat')
      ? [['another process has its process id', { start: '1' }] as const]
      : []),
    ['this process has its process id', { pid: process.pid }],
    ['no process has its process id', { pid: 2_147_483_646 }],
  ] as const)('is failed when %s', async (_name, changes) => {
    const path = storePath();
    await startStoreProcess(path, 'begin', 'r');
    changeOwner(path, changes);
    expect(await (await openAt(path)).findResponse('r')).toEqual(failed('r'));
  });

  it('of another machine is left in progress', async () => {
    const path = storePath();
    const child = await startStoreProcess(path, 'begin', 'r');
    await child.kill();
    changeOwner(path, { host: 'another-host' });
    expect((await (await openAt(path)).findResponse('r'))!.status).toBe('in_progress');
  });
});
