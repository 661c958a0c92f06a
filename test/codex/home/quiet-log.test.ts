import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { quietLog } from '../../../src/codex/home/quiet-log.ts';
import { ignoreRows } from '../../../src/store/database/ignore-rows.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A home with a log database of the given name, held open as an app-server does. */
function createHome(name: string, table = 'logs') {
  const home = temporaryFolder();
  const database = new DatabaseSync(join(home, name));
  onTestFinished(() => database.close());
  database.exec(`PRAGMA journal_mode = WAL; CREATE TABLE ${table} (id INTEGER PRIMARY KEY, level TEXT)`);
  const write = () => database.exec(`INSERT INTO ${table} (level) VALUES ('TRACE'), ('INFO')`);
  const count = () => database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()!.rows;
  return { home, database, write, count };
}

it.each(['logs_2.sqlite', 'logs_13.sqlite'])(
  'makes %s ignore new rows without failing inserts',
  async (name) => {
    const { home, write, count } = createHome(name);
    write();
    const log = createMemoryLog();
    await quietLog(home, ignoreRows, log);
    await quietLog(home, ignoreRows, log);
    write();
    expect([count(), log.lines]).toEqual([2, []]);
  },
);

it('leaves other databases of the home unchanged', async () => {
  const { home, write, count } = createHome('state_5.sqlite');
  await quietLog(home, ignoreRows, createMemoryLog());
  write();
  expect(count()).toBe(2);
});

it('tries again while the app-server writes', async () => {
  const { home, database, write, count } = createHome('logs_2.sqlite');
  database.exec('BEGIN IMMEDIATE');
  write();
  const log = createMemoryLog();
  let attempts = 0;
  await quietLog(
    home,
    async (...given) => {
      const done = await ignoreRows(...given);
      attempts += 1;
      if (attempts === 1) database.exec('COMMIT');
      return done;
    },
    log,
  );
  write();
  expect([attempts, count(), log.lines]).toEqual([2, 2, []]);
});

it.each([
  ['that stays locked', (home: string, lock: () => void) => lock()],
  ['that is not a database', (home: string) => writeFileSync(join(home, 'logs_1.sqlite'), 'x'.repeat(5_000))],
  ['without the table', (home: string) => new DatabaseSync(join(home, 'logs_3.sqlite')).close()],
])('logs a warning for a log database %s', async (_what, prepare) => {
  const { home, database } = createHome('logs_2.sqlite');
  prepare(home, () => database.exec('BEGIN IMMEDIATE'));
  const log = createMemoryLog();
  await quietLog(home, ignoreRows, log);
  expect(log.lines).toEqual([expect.stringMatching(/^warn the log database of codex app-server will grow /)]);
  expect(log.lines[0]).not.toContain(home);
});
