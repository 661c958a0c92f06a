import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { createObserver, SILENT } from '../../../src/app/log/observer.ts';
import {
  startStoreThread,
  type StoreThread,
  type StoreThreadOptions,
} from '../../../src/app/worker/store-thread.ts';
import type { Observation } from '../../../src/base/observation.ts';
import { StartupError } from '../../../src/base/errors.ts';
import { PLENTY, storePath } from '../../support/open-test-stores.ts';
import { message, storedResponse } from '../../support/stored-response.ts';

async function start(options: Partial<StoreThreadOptions> = {}): Promise<StoreThread & { path: string }> {
  const { path = storePath() } = options;
  const stores = await startStoreThread({ retention: PLENTY, observer: SILENT, ...options, path });
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= stores.close());
  onTestFinished(close);
  return { ...stores, close, path };
}

async function startStore(options: Partial<StoreThreadOptions> = {}) {
  const stores = await start(options);
  return { ...stores, store: await stores.open('token', false) };
}

function lock(path: string): DatabaseSync {
  const other = new DatabaseSync(path);
  onTestFinished(() => {
    if (other.isOpen) other.close();
  });
  other.exec('BEGIN IMMEDIATE');
  return other;
}

const CONVERSATION = { id: 'c', metadata: { a: 'b' }, createdAt: 1 };
const many = (count: number, text = 'text') =>
  Array.from({ length: count }, (_, place) => message(`m${place}`, text));

it('the store thread returns everything as it was saved, including long lists', async () => {
  const { store } = await startStore();
  const events = many(1000, 'x'.repeat(1000));
  const body = { id: 'r', output: many(700), tools: [{ type: 'function' }] };
  const first = storedResponse('r', { background: true, input: many(500), body });
  const second = storedResponse('s', { previousId: 'r' });
  await store.saveConversation(CONVERSATION);
  expect(await store.addItems('c', many(450))).toBe(true);
  expect(await store.saveResponse(first)).toBe(true);
  expect(await store.saveResponse(second)).toBe(true);
  await store.saveEvents('r', events);
  expect(await store.findResponse('r')).toEqual({ ...first, events });
  expect(await store.findResponseChain('s')).toEqual(
    [first, second].map((one) => ({ ...one, events: undefined })),
  );
  expect(await store.findResponseChain('none')).toBeUndefined();
  expect(await store.findItems(['m7', 'none'])).toEqual(new Map([['m7', message('m7', 'text')]]));
  expect(await store.findConversation('c')).toEqual(CONVERSATION);
  expect(await store.listItems('c')).toEqual(many(450));
  expect(await store.deleteItem('c', 'm0')).toBe(true);
  expect(await store.deleteConversation('c')).toBe(true);
  expect(await store.deleteResponse('r')).toBe(true);
  expect(await store.findResponse('r')).toBeUndefined();
});

it('the store thread serves reads while a write waits for another process', async () => {
  const { store, path } = await startStore();
  await store.saveResponse(storedResponse('r'));
  const other = lock(path);
  let isSaved = false;
  const saving = store.saveResponse(storedResponse('s')).then(() => (isSaved = true));
  expect(await store.findResponseChain('r')).toHaveLength(1);
  expect(await store.findResponse('s')).toBeUndefined();
  await store.checkWritable();
  expect(isSaved).toBe(false);
  other.exec('COMMIT');
  await saving;
  expect((await store.findResponse('s'))!.id).toBe('s');
});

it('the store thread gives up a write after waiting too long for another process', async () => {
  const { store, path } = await startStore({ lockTimeoutMs: 50 });
  const other = lock(path);
  await expect(store.saveResponse(storedResponse('r'))).rejects.toMatchObject({
    code: 'storage_busy',
    message: expect.stringContaining('another process has its database locked') as string,
  });
  other.exec('COMMIT');
  expect(await store.saveResponse(storedResponse('r'))).toBe(true);
});

it('the store thread reports calls that fail and calls that are slow', async () => {
  const heard: Observation[] = [];
  const observer = createObserver([
    (observation) => ['store-failed', 'store-slow'].includes(observation.type) && heard.push(observation),
  ]);
  const { store, path } = await startStore({ lockTimeoutMs: 1_000, observer });
  const other = lock(path);
  await expect(store.saveResponse(storedResponse('r'))).rejects.toThrow();
  other.exec('COMMIT');
  await store.saveResponse(storedResponse('r'));
  expect(heard).toEqual([
    { type: 'store-failed', method: 'saveResponse', code: 'storage_busy' },
    { type: 'store-slow', method: 'saveResponse', ms: expect.any(Number) },
  ]);
});

it('the store thread lets all pending writes give up together when another process holds the lock', async () => {
  const patience = 1_000;
  const { store, path } = await startStore({ lockTimeoutMs: patience });
  const other = lock(path);
  const start = performance.now();
  const writes = Array.from({ length: 10 }, (_, place) => store.saveResponse(storedResponse(`r${place}`)));
  for (const result of await Promise.allSettled(writes))
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'storage_busy' } });
  expect(performance.now() - start).toBeLessThan(5 * patience);
  other.exec('COMMIT');
  expect(await store.saveResponse(storedResponse('r'))).toBe(true);
});

it('the store thread fails its pending calls when it runs out of memory, then works again', async () => {
  const { store } = await startStore({ heapMegabytes: 24 });
  const kept = storedResponse('kept', { status: 'in_progress', background: true });
  await store.saveResponse(kept);
  const huge = Array.from({ length: 400_000 }, (_, place) => ({ id: `h${place}` }));
  const results = await Promise.allSettled([store.addItems('c', huge), store.addItems('c', huge)]);
  for (const result of results) {
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'storage_failed' } });
  }
  // What this process works on has not failed with the thread.
  expect(await store.findResponse('kept')).toEqual(kept);
});

it('the store thread reports a full disk, then works again once there is room', async () => {
  const { store, path } = await startStore({ maxPages: 60 });
  const large = storedResponse('large', { input: [message('i', 'x'.repeat(1_000_000))] });
  await expect(store.saveResponse(large)).rejects.toMatchObject({
    code: 'storage_full',
    message: expect.stringMatching(/no space is left .*; free some, or send store: false/) as string,
  });
  expect(await store.saveResponse(storedResponse('small'))).toBe(true);
  expect(path).toContain('store.sqlite');
});

it('the store thread reports a full disk when the free space is below the reserve', async () => {
  const { store } = await startStore({ minFreeBytes: Infinity });
  await expect(store.checkWritable()).rejects.toMatchObject({ code: 'storage_full' });
});

it.each([
  [
    'responses',
    'INSERT',
    (store: Awaited<ReturnType<typeof startStore>>['store']) => store.saveResponse(storedResponse('r')),
  ],
  ['callers', 'UPDATE', (store: Awaited<ReturnType<typeof startStore>>['store']) => store.checkWritable()],
])(
  'the store thread turns any other failure of the table %s into a storage error',
  async (table, change, work) => {
    const { store, path } = await startStore();
    const other = new DatabaseSync(path);
    other.exec(`CREATE TRIGGER broken BEFORE ${change} ON ${table} BEGIN SELECT RAISE(ABORT, 'broken'); END`);
    await expect(work(store)).rejects.toMatchObject({ code: 'storage_failed' });
    other.exec('DROP TRIGGER broken');
    other.close();
    await work(store);
  },
);

it.each([
  ['deleted', (path: string) => rmSync(path)],
  ['moved away', (path: string) => renameSync(path, `${path}.old`)],
])('the store thread makes a new file when the old one was %s', async (_name, remove) => {
  const { store, path } = await startStore();
  await store.saveResponse(storedResponse('lost'));
  remove(path);
  expect(await Promise.all([store.findResponse('lost'), store.findResponse('lost')])).toEqual([
    undefined,
    undefined,
  ]);
  expect(await store.saveResponse(storedResponse('r'))).toBe(true);
  expect(existsSync(path)).toBe(true);
});

it('the store thread reports a damaged file without its path', async () => {
  const { store, path } = await startStore();
  await store.saveResponse(storedResponse('r'));
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`);
  writeFileSync(path, 'no database'.repeat(1000));
  await expect(store.findResponse('r')).rejects.toMatchObject({ code: 'storage_failed' });
  const error = await store.saveResponse(storedResponse('s')).catch((reason: unknown) => reason);
  expect((error as Error).message).not.toContain(path);
});

it('the store thread refuses to start with a damaged file and names its path', async () => {
  const path = storePath();
  writeFileSync(path, 'no database'.repeat(1000));
  const error = await startStoreThread({ observer: SILENT, path, retention: PLENTY }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(StartupError);
  expect((error as Error).message).toContain(`${path}, is damaged; move it away`);
});

it('the store thread finishes pending work before it closes and refuses later calls', async () => {
  const { store, close, path } = await startStore();
  const saving = store.saveResponse(storedResponse('r'));
  await close();
  expect(await saving).toBe(true);
  await expect(store.findResponse('r')).rejects.toMatchObject({ code: 'shutting_down' });
  const next = await startStore({ path });
  expect((await next.store.findResponse('r'))!.id).toBe('r');
});

it('the store thread does not keep a process alive when it is idle', () => {
  const script = fileURLToPath(new URL('../../support/use-store-and-end.ts', import.meta.url));
  const said = execFileSync(process.execPath, [script, storePath()], { encoding: 'utf8' });
  expect(said).toBe('saved\n');
});

it('the store thread is ended when nothing uses it, and nothing is lost', async () => {
  const { store, path } = await startStore({ idle: { firstMs: 0, laterMs: 0 } });
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  for (let round = 0; round < 6; round += 1) {
    await pause(round % 3);
    const saving = store.saveConversation({ ...CONVERSATION, id: `c${round}` });
    if (round % 2 === 0) await saving;
    await store.findConversation('none');
    await saving;
  }
  await pause(2);
  expect(await store.findConversation('c3')).toMatchObject({ id: 'c3' });
  // The folder is made again as it would be with a thread that stays.
  await pause(2);
  rmSync(dirname(path), { recursive: true });
  expect(await store.findConversation('c3')).toBeUndefined();
  await store.saveConversation(CONVERSATION);
  expect(await store.findConversation('c')).toMatchObject({ id: 'c' });
});

it('a store whose folder cannot be made works again once it can', async () => {
  const { store, path } = await startStore({ idle: { firstMs: 0, laterMs: 0 } });
  await store.saveConversation(CONVERSATION);
  // The next call needs another thread.
  await new Promise((resolve) => setTimeout(resolve, 5));
  const folder = dirname(path);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  for (let tries = 0; tries < 2; tries += 1) {
    await expect(store.saveConversation(CONVERSATION)).rejects.toMatchObject({ code: 'storage_failed' });
  }
  rmSync(folder);
  await store.saveConversation(CONVERSATION);
  expect(await store.findConversation('c')).toMatchObject({ id: 'c' });
});

it('a database in memory is not ended when nothing uses it', async () => {
  const { store } = await startStore({ path: ':memory:', idle: { firstMs: 0, laterMs: 0 } });
  await store.saveConversation(CONVERSATION);
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(await store.findConversation('c')).toMatchObject({ id: 'c' });
});
