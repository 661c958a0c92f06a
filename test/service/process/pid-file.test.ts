import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { claimPidFile, readPidFile } from '../../../src/service/process/pid-file.ts';
import { identifyProcess } from '../../../src/service/process/process-identity.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Starts a process that does nothing until the test ends. */
async function startIdle(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child, 'spawn');
  return child.pid!;
}

async function claim(path: string, pid: number) {
  const result = await claimPidFile(path, pid);
  if (!('release' in result)) throw new Error(`held by ${result.pid}`);
  return result;
}

it('a pid file begins with the number of the process, is private, and goes when it is released', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'gateway.pid');
  const { release } = await claim(path, process.pid);
  expect(readFileSync(path, 'utf8').split('\n')[0]).toBe(String(process.pid));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await readPidFile(path)).toMatchObject({ pid: process.pid, isRunning: true });
  await release();
  expect(readdirSync(folder)).toEqual([]);
});

it('the pid file of a process that runs is not taken from it', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'gateway.pid');
  const other = await startIdle();
  await claim(path, other);
  expect(await claimPidFile(path, process.pid)).toMatchObject({ pid: other, isRunning: true });
  expect(readdirSync(folder)).toEqual(['gateway.pid']);
});

it('a stale pid file is replaced: its process is dead, or its number belongs to another one by now', async () => {
  const path = join(temporaryFolder(), 'gateway.pid');
  const { pid } = identifyProcess(await startIdle());
  writeFileSync(path, `${pid}\nan earlier start\n`);
  expect(await readPidFile(path)).toMatchObject({ pid, isRunning: false });
  const { release } = await claim(path, process.pid);
  expect(await readPidFile(path)).toMatchObject({ pid: process.pid, isRunning: true });
  await release();
});

it.each(['', 'x\n', '0\n', '-5\n', '12.5\n'])(
  'nonsense in a pid file counts as no file: %j',
  async (text) => {
    const path = join(temporaryFolder(), 'gateway.pid');
    writeFileSync(path, text);
    expect(await readPidFile(path)).toBeUndefined();
    await (await claim(path, process.pid)).release();
  },
);

it.each(['no file', 'the file of a dead process'])(
  'of several claims at once, one gets the file, in place of %s',
  async (before) => {
    const pids = [process.pid, await startIdle(), await startIdle(), await startIdle()];
    for (let round = 0; round < 50; round += 1) {
      const folder = temporaryFolder();
      const path = join(folder, 'gateway.pid');
      if (before !== 'no file') writeFileSync(path, '2147483646\n1\n');
      const results = await Promise.all(pids.map((pid) => claimPidFile(path, pid)));
      expect(results.filter((result) => 'release' in result)).toHaveLength(1);
      expect(readdirSync(folder)).toEqual(['gateway.pid']);
    }
  },
);

it('a claim goes on where another one was killed in the middle', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'gateway.pid');
  writeFileSync(`${path}.lock`, '2147483646\n1\n');
  const { release } = await claim(path, process.pid);
  await release();
  expect(readdirSync(folder)).toEqual([]);
});

it('a claim that ends leaves the file of its successor alone', async () => {
  const path = join(temporaryFolder(), 'gateway.pid');
  const { release } = await claim(path, process.pid);
  const other = await startIdle();
  const { start } = identifyProcess(other);
  writeFileSync(path, `${other}\n${start}\n`);
  await release();
  expect(await readPidFile(path)).toMatchObject({ pid: other, isRunning: true });
});
