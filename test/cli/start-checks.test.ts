import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { claimPidFile } from '../../src/service/process/pid-file.ts';
import { isAlive } from '../support/process.ts';
import { runMain } from '../support/run-main.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const STATE = '.local/state/codex-gateway';

/** A user whose config file has the given token. */
function createUser(token?: string) {
  const home = temporaryFolder();
  const config = join(home, 'config.json');
  writeFileSync(config, JSON.stringify({ token }), { mode: 0o600 });
  const state = join(home, STATE);
  const run = async (...words: string[]) =>
    await runMain([...words, '--config', config], { HOME: home, PATH: '/usr/bin:/bin' });
  return { home, state, run };
}

const REFUSED = [
  ['a weak token', 'passwordpassword', [], 'one that many people use'],
  ['an address that others reach', undefined, ['--host', '0.0.0.0'], 'is not a loopback address'],
  [
    'no token of its own for --allow-remote',
    undefined,
    ['--host', '0.0.0.0', '--allow-remote'],
    'needs a token that you have chosen',
  ],
] as const;

it.each(REFUSED)('`start` with %s is refused before anything is written', async (_, token, words, why) => {
  const { home, run } = createUser(token);
  const { code, printed, complained } = await run('start', ...words);
  expect([code, printed]).toEqual([1, '']);
  expect(complained).toContain(why);
  expect(readdirSync(home)).toEqual(['config.json']);
});

it('`start` with a state folder that others can change is refused before anything is written there', async () => {
  const { state, run } = createUser();
  mkdirSync(state, { recursive: true });
  chmodSync(state, 0o777);
  const { code, complained } = await run('start');
  expect(code).toBe(1);
  expect(complained).toContain('Others on this machine can change the state folder');
  expect(readdirSync(state)).toEqual([]);
});

it.each(REFUSED)(
  '`restart` with %s is refused before the gateway that runs is stopped',
  async (_, token, words, why) => {
    const { state, run } = createUser(token);
    mkdirSync(state, { recursive: true, mode: 0o700 });
    const running = spawn('sleep', ['600']);
    const ended = once(running, 'exit');
    onTestFinished(async () => {
      running.kill('SIGKILL');
      await ended;
    });
    await once(running, 'spawn');
    await claimPidFile(join(state, 'gateway.pid'), running.pid!);
    const { code, printed, complained } = await run('restart', ...words);
    expect([code, printed]).toEqual([1, '']);
    expect(complained).toContain(why);
    expect(isAlive(running.pid!)).toBe(true);
    expect(readdirSync(state)).toEqual(['gateway.pid']);
  },
);

// The other system, launchd, is refused by the same check.
it.runIf(process.platform === 'linux').each(REFUSED)(
  '`service install` with %s is refused before a unit is written',
  async (_, token, words, why) => {
    const { home, run } = createUser(token);
    const { code, complained } = await run('service', 'install', ...words);
    expect(code).toBe(1);
    expect(complained).toContain(why);
    expect(existsSync(join(home, '.config'))).toBe(false);
  },
);
