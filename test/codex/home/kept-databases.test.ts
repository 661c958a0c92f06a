import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { copyDatabases, hasDatabases, keepDatabases } from '../../../src/codex/home/kept-databases.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function createHomes() {
  const folder = temporaryFolder();
  const [first, second] = ['first', 'second'].map((name) => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  }) as [string, string];
  for (const name of [
    'state_5.sqlite',
    'state_5.sqlite-wal',
    'state_5.sqlite-shm',
    'installation_id',
    'config.toml',
  ])
    writeFileSync(join(first, name), name);
  return { first, second, kept: join(folder, 'databases', 'one') };
}

it('the databases of one home are those of the next, and nothing else of it', async () => {
  const { first, second, kept } = createHomes();
  expect([await hasDatabases(kept), await copyDatabases(kept, second)]).toEqual([false, false]);
  await keepDatabases(first, kept);
  expect([await hasDatabases(kept), await copyDatabases(kept, second)]).toEqual([true, true]);
  expect(readdirSync(second).toSorted()).toEqual(['state_5.sqlite', 'state_5.sqlite-wal']);
  expect(readFileSync(join(second, 'state_5.sqlite'), 'utf8')).toBe('state_5.sqlite');
});

it('the databases of another version are removed', async () => {
  const { first, kept } = createHomes();
  await keepDatabases(first, kept);
  await keepDatabases(first, join(kept, '..', 'two'));
  expect(readdirSync(join(kept, '..'))).toEqual(['two']);
});

it('a home gets all databases or none', async () => {
  const { first, second, kept } = createHomes();
  await keepDatabases(first, kept);
  mkdirSync(join(kept, 'unreadable.sqlite'));
  expect(await copyDatabases(kept, second)).toBe(false);
  expect(existsSync(join(second, 'state_5.sqlite'))).toBe(false);
});
