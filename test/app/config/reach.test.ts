import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkStart } from '../../../src/app/access/check-start.ts';
import { readSettings, type Flags, type Settings } from '../../../src/app/config/config.ts';
import { checkReach, reachOf } from '../../../src/app/config/reach.ts';
import { addTestToken } from '../../support/add-token.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function read(flags: Flags, file: object = {}): Promise<Settings> {
  const folder = temporaryFolder();
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify(file), { mode: 0o600 });
  return await readSettings({ config, ...flags }, { HOME: folder });
}

const OWN = { token: 'a-token-of-my-own' };
const REMOTE = ['0.0.0.0', '::', '192.168.1.2', 'my-machine', '127.0.0.1.example.com'];

it.each(REMOTE)('the host %s is refused without --allow-remote, with or without a token', async (host) => {
  const problem = `The host '${host}' is not a loopback address; use 127.0.0.1`;
  await expect(checkReach(await read({ host }))).rejects.toThrow(problem);
  await expect(checkReach(await read({ host, ...OWN }))).rejects.toThrow(/It was set by --host\.$/);
  await expect(checkReach(await read({}, { host, ...OWN }))).rejects.toThrow(/to serve other machines\.$/);
});

it('with --allow-remote, a token that the gateway makes for itself does not count', async () => {
  const settings = await read({ host: '0.0.0.0', allowRemote: true });
  await expect(checkReach(settings)).rejects.toThrow('--allow-remote needs a token that you have chosen');
});

it.each(REMOTE)('the host %s is served with --allow-remote and a token, with a warning', async (host) => {
  const warning = [{ type: 'gateway-exposed', host }];
  expect(await checkReach(await read({ host, allowRemote: true, ...OWN }))).toEqual(warning);
  expect(await checkReach(await read({ allowRemote: true }, { host, ...OWN }))).toEqual(warning);
});

it('a token that was added by a command counts as one of your own, except for the demo', async () => {
  const settings = await read({ host: '0.0.0.0', allowRemote: true });
  await expect(checkStart(settings)).rejects.toThrow('Add one with `tokens add`');
  await addTestToken(settings.stateDirectory, 'team');
  expect(await checkStart(settings)).toHaveLength(1);
  await expect(checkStart(settings, { demo: true })).rejects.toThrow('The demo knows none of `tokens add`');
});

it.each(['127.0.0.1', '127.0.0.2', 'localhost', '::1'])(
  'the loopback host %s needs neither, and there is no warning',
  async (host) => {
    expect(await checkReach(await read({ host }))).toEqual([]);
    expect(await checkReach(await read({ host, allowRemote: true }))).toEqual([]);
  },
);

it('a config file that others can read is warned about only if it has a secret', async () => {
  const warning = [{ type: 'files-readable', what: 'config file' }];
  for (const [file, expected] of [
    [{}, []],
    [OWN, warning],
    [{ copilot: { token: 'gho_a' } }, warning],
  ] as const) {
    // Another token in use does not make the one in the file harmless.
    const settings = await read(OWN, file);
    chmodSync(settings.configPath, 0o644);
    expect(await checkReach(settings)).toEqual(expected);
  }
});

it('a state folder that others can read is warned about, and one that they can change is refused', async () => {
  const settings = await read({});
  mkdirSync(settings.stateDirectory, { recursive: true, mode: 0o755 });
  expect(await checkReach(settings)).toEqual([{ type: 'files-readable', what: 'state folder' }]);
  chmodSync(settings.stateDirectory, 0o777);
  await expect(checkReach(settings)).rejects.toThrow('can change the state folder');
});

it('an address to listen on may be named in requests, unless it stands for all', async () => {
  expect(reachOf(await read({ host: '192.168.1.2' }, { allowedHosts: ['a'] })).allowedHosts).toEqual([
    'a',
    '192.168.1.2',
  ]);
  expect(reachOf(await read({ host: '0.0.0.0' })).allowedHosts).toEqual([]);
});
