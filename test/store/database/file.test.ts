import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { StartupError } from '../../../src/base/errors.ts';
import { openTestStores, storePath } from '../../support/open-test-stores.ts';
import { storedResponse } from '../../support/stored-response.ts';

const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

it('makes the file and its companions readable by their owner only', async () => {
  const path = storePath();
  writeFileSync(path, '');
  chmodSync(path, 0o644);
  const { forToken, close } = await openTestStores({ path });
  await forToken('token').saveResponse(storedResponse('r'));
  const names = readdirSync(dirname(path)).toSorted();
  expect(names).toEqual(['store.sqlite', 'store.sqlite-shm', 'store.sqlite-wal']);
  expect(names.map((name) => modeOf(join(dirname(path), name)))).toEqual(['600', '600', '600']);
  close();
  expect(readdirSync(dirname(path))).toEqual(['store.sqlite']);
});

it('leaves no deleted content in the file', async () => {
  const { forToken, path, close } = await openTestStores();
  const store = forToken('token');
  await store.saveResponse(storedResponse('r'));
  await store.saveResponse(storedResponse('kept'));
  await store.deleteResponse('r');
  close();
  const bytes = readFileSync(path);
  expect(bytes.includes('question of kept')).toBe(true);
  expect(bytes.includes('question of r')).toBe(false);
});

it('writes nothing to disk when the store is in memory', async () => {
  const { forToken } = await openTestStores({ path: ':memory:' });
  const store = forToken('token');
  await store.saveResponse(storedResponse('r'));
  expect(await store.findResponse('r')).toEqual(storedResponse('r'));
  expect(readdirSync('.')).not.toContain(':memory:');
});

it('waits for another process that is creating the file', async () => {
  const path = storePath();
  const other = new DatabaseSync(path);
  other.exec('BEGIN IMMEDIATE');
  // Long after the first attempt, which it must not block.
  setTimeout(() => other.exec('COMMIT'), 100);
  const { forToken } = await openTestStores({ path });
  other.close();
  expect(await forToken('token').saveResponse(storedResponse('r'))).toBe(true);
});

it.each<[string, (path: string) => void, string]>([
  [
    'is not a database',
    (path) => writeFileSync(path, 'no database'.repeat(1000)),
    'is damaged; move it away',
  ],
  ['is truncated', cutOff, 'is damaged; move it away'],
  ['comes from a newer gateway', makeNewer, 'was written by a newer codex-gateway; update this one'],
])('names a file that %s in the error and leaves it unchanged', async (_name, prepare, message) => {
  const path = storePath();
  prepare(path);
  const before = readFileSync(path);
  const error = await openTestStores({ path }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StartupError);
  expect((error as StartupError).message).toContain(`The file of stored responses, ${path}, ${message}`);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(dirname(path))).toEqual(['store.sqlite']);
});

it.each<[string, (path: string) => string, string]>([
  ['is a folder', dirname, 'EISDIR'],
  ['would be in a folder that does not exist', (path) => join(path, 'store.sqlite'), 'ENOENT'],
])('reports that a file that %s cannot be opened', async (_name, place, code) => {
  const path = place(storePath());
  await expect(openTestStores({ path })).rejects.toThrow(
    `The file of stored responses, ${path}, cannot be opened (${code}); fix that, or set "store": false`,
  );
});

function makeNewer(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE later (one); PRAGMA user_version = 4');
  database.close();
}

function cutOff(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('CREATE TABLE one (two); CREATE TABLE three (four); PRAGMA user_version = 1');
  database.close();
  writeFileSync(path, readFileSync(path).subarray(0, 4096));
}
