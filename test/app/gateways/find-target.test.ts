import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startGateway } from '../../../src/app/compose.ts';
import { readSettings, type Flags } from '../../../src/app/config/config.ts';
import { findTarget } from '../../../src/app/gateways/find-target.ts';
import { announceGateway, listRunning } from '../../../src/app/gateways/running-gateways.ts';
import { createMemoryLog } from '../../support/memory-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function createUser() {
  const home = temporaryFolder();
  const environment = { HOME: home };
  let clock = 1_000_000;
  return {
    environment,
    state: join(home, '.local/state/codex-gateway'),
    /** Writes the record of a gateway of this process. */
    async announce(port: number, { flags = {}, demo = false }: { flags?: Flags; demo?: boolean } = {}) {
      const settings = await readSettings(flags, environment);
      clock += 1000;
      vi.setSystemTime(clock);
      const token = `token-of-${port}`;
      const withdraw = await announceGateway({ settings, port, token, command: 'codex-gateway', demo });
      onTestFinished(() => {
        vi.useRealTimers();
        return withdraw();
      });
      return withdraw;
    },
    async find(flags: Flags = {}) {
      const { settings, running, candidates } = await findTarget(flags, environment);
      return { port: settings.port, token: settings.token?.value, found: running?.port, candidates };
    },
  };
}

it('finding a gateway prefers the configured port, then the only gateway, then the newest', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const { announce, find } = createUser();
  expect(await find()).toEqual({ port: 8000, token: undefined, found: undefined, candidates: 0 });
  await announce(8101, { demo: true });
  expect(await find()).toEqual({ port: 8101, token: 'token-of-8101', found: 8101, candidates: 1 });
  const withdraw = await announce(8102, { demo: true });
  expect(await find()).toMatchObject({ found: 8102, candidates: 2 });
  await announce(8000, { demo: true });
  await announce(8103, { demo: true });
  expect(await find()).toMatchObject({ found: 8000, candidates: 4 });
  expect(await find({ port: '8101' })).toMatchObject({ found: 8101 });
  expect(await find({ port: '9' })).toMatchObject({ port: 9, found: undefined });
  await withdraw();
  expect(await find({ port: '8102' })).toMatchObject({ port: 8102, found: undefined });
});

it('finding a gateway follows the named config file and takes the token from it', async () => {
  const { announce, find, environment } = createUser();
  const [one, two] = ['one', 'two'].map((name) => {
    const path = join(environment.HOME, `${name}.json`);
    writeFileSync(path, JSON.stringify({ port: 8100, token: `token-${name}` }));
    return path;
  });
  await announce(8101, { flags: { config: one! } });
  await announce(8102, { flags: { config: two! } });
  expect(await find({ config: one! })).toMatchObject({ found: 8101, token: 'token-one' });
  expect(await find({ config: two! })).toMatchObject({ found: 8102, token: 'token-two' });
  expect(await find({ config: two!, token: 'given' })).toMatchObject({ found: 8102, token: 'given' });
});

it('finding a gateway ignores and removes stale and broken records', async () => {
  const { announce, find, state } = createUser();
  await announce(8101, { demo: true });
  const folder = join(state, 'running');
  const [name] = readdirSync(folder);
  const record = JSON.parse(readFileSync(join(folder, name!), 'utf8')) as { owner: string };
  const owner = JSON.parse(record.owner) as { pid: number; start?: string };
  const dead = spawnSync('true').pid;
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  write('dead.json', JSON.stringify({ ...record, port: 1, owner: JSON.stringify({ ...owner, pid: dead }) }));
  write(
    'again.json',
    JSON.stringify({ ...record, port: 2, owner: JSON.stringify({ ...owner, pid: 1, start: '0' }) }),
  );
  write('broken.json', '{');
  expect(await find()).toMatchObject({ found: 8101, candidates: 1 });
  expect(readdirSync(folder)).toEqual([name]);
});

it('a gateway serves although its record cannot be written, and logs that', async () => {
  const { environment, state } = createUser();
  mkdirSync(state, { recursive: true });
  writeFileSync(join(state, 'running'), '');
  const settings = await readSettings({ port: '0' }, environment);
  const log = createMemoryLog();
  const running = await startGateway({ settings, environment, observer: log, demo: true });
  onTestFinished(() => running.close(AbortSignal.abort()));
  expect((await fetch(`${running.origin}/healthz`)).status).toBe(200);
  expect(JSON.stringify(log.lines)).toContain('other commands will not find this gateway');
});

it('finding a gateway skips records of another machine and leaves them in place', async () => {
  const { announce, state } = createUser();
  await announce(8101, { demo: true });
  const folder = join(state, 'running');
  const [name] = readdirSync(folder);
  const record = JSON.parse(readFileSync(join(folder, name!), 'utf8')) as object;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'other.json'), JSON.stringify({ ...record, machine: 'another', port: 3 }));
  expect((await listRunning(state)).map(({ port }) => port)).toEqual([8101]);
  expect(readdirSync(folder)).toContain('other.json');
});
