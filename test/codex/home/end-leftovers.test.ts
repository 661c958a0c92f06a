import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endLeftovers } from '../../../src/codex/home/end-leftovers.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Starts a process that runs until it is killed. It has its environment when this returns. */
function start(env: Record<string, string>, script = 'exec sleep 1000'): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe.runIf(process.platform === 'linux')('ending what a dead gateway has left', () => {
  it('kills every process of the home, also one that is stopped or deaf', async () => {
    const home = temporaryFolder();
    const children = [
      start({ CODEX_HOME: home }),
      start({ CODEX_HOME: home, LAST: 'x' }),
      start({ CODEX_HOME: home }, "trap '' TERM HUP INT; while :; do :; done"),
    ];
    children[1]!.kill('SIGSTOP');
    const ended = Promise.all(children.map((child) => once(child, 'exit')));
    await endLeftovers(home);
    expect(await ended).toEqual(children.map(() => [null, 'SIGKILL']));
  });

  it('lets processes of other homes run, however alike their environment is', async () => {
    const home = temporaryFolder();
    const others = [
      start({ CODEX_HOME: `${home}2` }),
      start({ CODEX_HOME: `${home}/cwd` }),
      start({ OLD_CODEX_HOME: home }),
      start({ NOTE: `CODEX_HOME=${home}` }),
      start({ NOTE: `x\nCODEX_HOME=${home}` }),
      start({}),
    ];
    const own = start({ CODEX_HOME: home });
    const ended = once(own, 'exit');
    await endLeftovers(home);
    await ended;
    expect(others.map(({ exitCode, signalCode }) => exitCode ?? signalCode)).toEqual(others.map(() => null));
  });
});
