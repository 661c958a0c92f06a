import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runGit } from '../../../src/tools/pull-requests/run-git.ts';
import { isAlive, until } from '../../support/process.ts';
import { openPullRequestTool, REAL } from '../../support/pull-request-tool.ts';
import { createTestClone, gitVariables } from '../../support/test-clone.ts';

const never = () => new AbortController().signal;

/** Lets the remote hang in a push; returns what waits for that and for the ids of the processes there. */
function hang(remote: string, folder: string): () => Promise<number[]> {
  const pids = join(folder, 'pids');
  const hook = `#!/bin/sh\ntrap '' TERM\nsleep 1000 &\necho "$$ $! $PPID" > '${pids}.new'\nmv '${pids}.new' '${pids}'\nwait\nsleep 1000\n`;
  writeFileSync(join(remote, 'hooks', 'pre-receive'), hook, { mode: 0o755 });
  return async () => {
    await until(() => existsSync(pids));
    return readFileSync(pids, 'utf8').trim().split(' ').map(Number);
  };
}

it('when nobody waits any more, git ends with everything that it has started, also what ignores a signal', async () => {
  const { run, remote, folder, clone, github } = await openPullRequestTool();
  const untilHanging = hang(remote, folder);
  const leaving = new AbortController();
  const left = run(REAL, { signal: leaving.signal }).catch((error: unknown) => error);
  const pids = await untilHanging();
  expect(pids.map(isAlive)).toEqual([true, true, true]);
  leaving.abort(new Error('the client is gone'));
  expect(await left).toMatchObject({ message: 'the client is gone' });
  await until(() => !pids.some(isAlive));
  expect(github.requests).toEqual([]);
  expect(existsSync(join(clone, '.git/index.lock'))).toBe(false);
});

it('git that takes too long is ended', async () => {
  const { remote, folder, clone } = createTestClone();
  const untilHanging = hang(remote, folder);
  const place = { path: clone, environment: gitVariables(folder) };
  const running = runGit(place, ['push', 'origin', 'agent/fix'], { signal: never(), timeoutMs: 1_000 });
  const pids = await untilHanging();
  expect(await running).toMatchObject({ code: undefined });
  await until(() => !pids.some(isAlive));
});

it('no more output is kept than asked for', async () => {
  const { clone, folder, commit } = createTestClone();
  commit('big.txt', 'line\n'.repeat(200_000), 'agent/big');
  const place = { path: clone, environment: gitVariables(folder) };
  const { output, isCut } = await runGit(place, ['show', 'agent/big'], { signal: never(), maxBytes: 5_000 });
  expect([output.length, isCut]).toEqual([5_000, true]);
});

it('git is not started for a call that has ended already', async () => {
  const gone = AbortSignal.abort(new Error('gone'));
  const place = { path: '/', environment: {} };
  await expect(runGit(place, ['version'], { signal: gone })).rejects.toThrow('gone');
});
