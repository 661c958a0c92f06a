import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
