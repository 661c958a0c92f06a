import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  lutimesSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createPrivateHome } from '../../../src/codex/home/private-home.ts';
import { readStat, startUncollected } from '../../support/process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const isLinux = process.platform === 'linux';

/** No process has an id that high. */
const NOBODY = 2_147_483_646;

const create = (stateDirectory: string) =>
  createPrivateHome({ stateDirectory, userHome: undefined, config: () => ({}) });

/** Makes homes by name, starts a gateway's own one, and returns the names that are left without that one. */
async function leftOf(names: readonly string[], prepare = (_homes: string) => {}): Promise<string[]> {
  const state = temporaryFolder();
  const homes = join(state, 'homes');
  for (const name of names) mkdirSync(join(homes, name), { recursive: true });
  prepare(homes);
  const { path } = await create(state);
  return readdirSync(homes).filter((name) => join(homes, name) !== path);
}

/** Starts a process and returns what a gateway would call a home of it. */
async function startOwner(): Promise<{ readonly pid: number; readonly home: string }> {
  const state = temporaryFolder();
  const module = new URL('../../../src/codex/home/dead-homes.ts', import.meta.url).href;
  const script = `const { makeOwnHome } = await import(${JSON.stringify(module)});
    console.log(await makeOwnHome(${JSON.stringify(state)}));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [path] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { pid: child.pid!, home: path.trim().slice(state.length + 1) };
}

it('removes homes of dead processes, including an earlier one with its own process id', async () => {
  const dead = `${hostname()}@${NOBODY}@x`;
  const earlier = `${hostname()}@${process.pid}@1.00000000@x`;
  const ofOldVersion = `${hostname()}@${process.pid}@x`;
  const alive = `${hostname()}@${process.ppid}@x`;
  expect(await leftOf([dead, earlier, ofOldVersion, alive])).toEqual([alive]);
});

it('keeps the homes that this process uses, and removes them when it is asked to', async () => {
  const state = temporaryFolder();
  const [first, second] = [await create(state), await create(state)];
  expect([first, second].map(({ path }) => existsSync(path))).toEqual([true, true]);
  await first.remove();
  expect([first, second].map(({ path }) => existsSync(path))).toEqual([false, true]);
});

it.runIf(isLinux)(
  'removes the home of a process whose id another one has got, also after a restart of the machine',
  async () => {
    const { pid, home } = await startOwner();
    const [, , life = '', suffix = ''] = home.split('@');
    const [start = '', boot = ''] = life.split('.');
    expect([start, boot]).toEqual([expect.stringMatching(/^\d+$/), expect.stringMatching(/^[\da-f]{8}$/)]);
    const named = (of: string) => `${hostname()}@${pid}@${of}@${suffix}`;
    const before = named(`${Number(start) - 1}.${boot}`);
    const beforeBoot = named(`${start}.00000000`);
    // Some systems do not say when a process has started.
    const unknown = named('');
    expect(new Set(await leftOf([home, before, beforeBoot, unknown]))).toEqual(new Set([home, unknown]));
  },
);

it.runIf(isLinux)('removes the home of a process that has ended and that nobody has collected', async () => {
  const { pid, end } = await startUncollected();
  onTestFinished(end);
  expect(await leftOf([`${hostname()}@${pid}@${readStat(pid)!.start}.00000000@x`])).toEqual([]);
  expect(await leftOf([`${hostname()}@${pid}@x`])).toEqual([]);
});

it("keeps another machine's homes until nothing was written into them for a month", async () => {
  const [fresh, written, stale] = ['one@1@x', 'two@1@5.00000000@x', 'three@1@5.00000000@x'];
  const month = 31 * 24 * 60 * 60;
  const left = await leftOf([fresh, written, stale], (homes) => {
    const old = Date.now() / 1000 - month;
    for (const name of [written, stale]) {
      for (const file of ['config.toml', 'state.sqlite']) writeFileSync(join(homes, name, file), '');
      symlinkSync('/nowhere', join(homes, name, 'auth.json'));
      utimesSync(join(homes, name, 'config.toml'), old, old);
      lutimesSync(join(homes, name, 'auth.json'), old, old);
    }
    utimesSync(join(homes, stale, 'state.sqlite'), old, old);
    for (const name of [written, stale]) utimesSync(join(homes, name), old, old);
  });
  expect(new Set(left)).toEqual(new Set([fresh, written]));
});

it('lets alone what no gateway has made', async () => {
  const foreign = [
    'notes',
    `${hostname()}@`,
    `${hostname()}@x@y`,
    `${hostname()}@0@x`,
    `${hostname()}@-1@x`,
    '@1@x',
  ];
  expect(new Set(await leftOf(foreign))).toEqual(new Set(foreign));
});

it.runIf(isLinux)('removes a link that has the name of a dead home, and nothing behind it', async () => {
  const target = temporaryFolder();
  writeFileSync(join(target, 'file'), '');
  const user = spawn('sleep', ['1000'], {
    env: { PATH: process.env.PATH, CODEX_HOME: target },
    stdio: 'ignore',
  });
  onTestFinished(() => void user.kill('SIGKILL'));
  const left = await leftOf(['.'], (homes) => {
    symlinkSync(target, join(homes, `${hostname()}@${NOBODY}@x`));
    writeFileSync(join(homes, `${hostname()}@${NOBODY}@y`), 'a file');
  });
  expect([left, readdirSync(target), user.signalCode]).toEqual([[], ['file'], null]);
});

it.runIf(isLinux)('ends a stopped app-server of a dead process, and none of another home', async () => {
  const state = temporaryFolder();
  const dead = join(state, 'homes', `${hostname()}@${NOBODY}@1.00000000@x`);
  mkdirSync(dead, { recursive: true });
  const run = (home: string) => {
    const child = spawn('sleep', ['1000'], {
      env: { PATH: process.env.PATH, CODEX_HOME: home },
      stdio: 'ignore',
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const [left, other] = [run(dead), run(`${dead}y`)];
  const ended = once(left, 'exit');
  left.kill('SIGSTOP');
  await create(state);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect([other.exitCode, other.signalCode]).toEqual([null, null]);
  expect(existsSync(dead)).toBe(false);
});
