import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createPrivateHome } from '../../../src/codex/home/private-home.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const create = (stateDirectory: string) =>
  createPrivateHome({
    stateDirectory,
    userHome: join(stateDirectory, 'user'),
    catalog: {},
    roots: { one: 'PEM', files: ['/bundle.crt', '/local.crt'] },
    config: () => ({}),
  });

it('removes homes of dead processes, including an earlier one with its own process id', async () => {
  const state = temporaryFolder();
  const homes = join(state, 'homes');
  // No process has an id that high.
  const dead = `${hostname()}@2147483646@x`;
  const earlier = `${hostname()}@${process.pid}@x`;
  const alive = `${hostname()}@${process.ppid}@x`;
  const elsewhere = 'another-host@2147483646@x';
  for (const name of [dead, earlier, alive, elsewhere]) mkdirSync(join(homes, name), { recursive: true });
  const first = await create(state);
  const second = await create(state);
  expect(new Set(readdirSync(homes))).toEqual(
    new Set([alive, elsewhere, ...[first, second].map(({ path }) => path.slice(homes.length + 1))]),
  );
  await first.remove();
  expect(existsSync(first.path)).toBe(false);
});

it.runIf(process.platform === 'linux')(
  'ends a stopped app-server of a dead process, and none of another home',
  async () => {
    const state = temporaryFolder();
    const homes = join(state, 'homes');
    const dead = join(homes, `${hostname()}@2147483646@x`);
    mkdirSync(dead, { recursive: true });
    const run = (home: string) => {
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
        env: { CODEX_HOME: home },
        stdio: 'ignore',
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    const left = run(dead);
    const other = run(`${dead}y`);
    const ended = once(left, 'exit');
    left.kill('SIGSTOP');
    await create(state);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
    expect(existsSync(dead)).toBe(false);
  },
);

it.each(['', 'cwd', 'config.toml', 'models.json', 'roots', 'root.pem'])(
  'is gone once a part of it was removed: "%s"',
  async (part) => {
    const home = await create(temporaryFolder());
    expect(await home.isGone()).toBe(false);
    rmSync(join(home.path, part), { recursive: true });
    expect(await home.isGone()).toBe(true);
  },
);

it('links to a login file that does not exist yet', async () => {
  const state = temporaryFolder();
  const { path } = await create(state);
  const login = join(path, 'auth.json');
  expect([readlinkSync(login), existsSync(login)]).toEqual([join(state, 'user', 'auth.json'), false]);
});

it('leads to the root certificates by names that rustls reads', async () => {
  const { path, variables } = await create(temporaryFolder());
  const roots = join(path, 'roots');
  expect(variables).toEqual({ SSL_CERT_FILE: join(path, 'root.pem'), SSL_CERT_DIR: roots });
  expect(readFileSync(join(path, 'root.pem'), 'utf8')).toBe('PEM');
  const links = readdirSync(roots).map((name) => [name, readlinkSync(join(roots, name))]);
  expect(links.toSorted(([a = ''], [b = '']) => a.localeCompare(b))).toEqual([
    ['00000000.0', '/bundle.crt'],
    ['00000001.0', '/local.crt'],
  ]);
});

it('leaves the root certificates to Codex unless they are given', async () => {
  const home = await createPrivateHome({
    stateDirectory: temporaryFolder(),
    userHome: undefined,
    config: () => ({}),
  });
  expect([home.variables, readdirSync(home.path).toSorted()]).toEqual([{}, ['config.toml', 'cwd']]);
});
