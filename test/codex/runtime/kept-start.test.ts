import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, onTestFinished } from 'vitest';
import { createBareProfile } from '../../../src/codex/chat/profile/profile.ts';
import { findBinary } from '../../../src/codex/process/binary.ts';
import { startInstance } from '../../../src/codex/runtime/instance.ts';
import type { InstanceOptions } from '../../../src/codex/runtime/instance-options.ts';
import { ignoreRows } from '../../../src/store/database/ignore-rows.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { until } from '../../support/process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NEVER = new AbortController().signal;

/** Starts instances of the real Codex, one after the other, which share a state folder. */
async function create() {
  const folder = temporaryFolder();
  const environment = { PATH: process.env.PATH ?? '', HOME: folder };
  const provider = { id: 'scripted', config: { name: 'scripted', base_url: 'http://127.0.0.1:9/v1' } };
  const profile = createBareProfile({
    provider,
    user: {},
    furtherModels: [],
    nativeTools: 'auto',
    continuation: true,
    transport: 'http',
    idleDeadlineSeconds: 60,
    ending: NEVER,
  });
  const log = createMemoryLog();
  let databases = 0;
  const options: InstanceOptions = {
    binary: await findBinary(undefined, { ...environment, CODEX_HOME: folder }),
    provider,
    userHome: undefined,
    systemFolder: join(folder, 'etc'),
    stateDirectory: join(folder, 'state'),
    cacheDirectory: join(folder, 'state', 'cache'),
    makesDatabases: true,
    environment,
    catalog: undefined,
    clientVersion: '0',
    ignoreRows(path, table) {
      databases += 1;
      return ignoreRows(path, table);
    },
    observer: log,
  };
  return {
    homes: join(folder, 'state', 'homes'),
    databases: join(folder, 'state', 'cache', 'databases'),
    catalogFile: join(folder, 'state', 'cache', 'catalog.json'),
    log,
    /** The number of databases whose log was made quiet. */
    quieted: () => databases,
    async start() {
      const instance = await startInstance(profile, options, NEVER);
      onTestFinished(() => instance.close());
      return instance;
    },
  };
}

it('a second start has the models and the empty databases of the first', async () => {
  const { start, homes, catalogFile, databases, quieted, log } = await create();
  const first = await start();
  await until(() => existsSync(databases) && readdirSync(databases).some((name) => !name.includes('.')));
  expect(quieted()).toBe(2);
  const kept = readFileSync(catalogFile, 'utf8');
  const models = (await first.current(NEVER)).models;
  await first.close();
  expect(readdirSync(homes)).toEqual([]);

  const second = await start();
  expect((await second.current(NEVER)).models).toEqual(models);
  expect(second.catalog).toEqual(first.catalog);
  expect(quieted()).toBe(2);
  expect(readFileSync(catalogFile, 'utf8')).toBe(kept);
  const [home] = readdirSync(homes).map((name) => join(homes, name));
  const file = readdirSync(home!).find((name) => /^logs_\d+\.sqlite$/.test(name))!;
  using database = new DatabaseSync(join(home!, file), { readOnly: true });
  expect(database.prepare("SELECT count(*) AS n FROM sqlite_master WHERE type = 'trigger'").get()).toEqual({
    n: 1,
  });
  const { connection } = await second.current(NEVER);
  expect(
    await connection.request('thread/start', { ephemeral: true, experimentalRawEvents: true }),
  ).toHaveProperty('thread');
  expect(log.lines.join('\n')).not.toContain('log database');
});

it('an instance that is closed at once leaves nothing running', async () => {
  const { start, homes } = await create();
  const instance = await start();
  await instance.close();
  expect(readdirSync(homes)).toEqual([]);
});
