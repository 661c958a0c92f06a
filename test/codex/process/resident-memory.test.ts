import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { readResidentBytes } from '../../../src/codex/process/resident-memory.ts';

const MEGABYTE = 1024 * 1024;

it('the memory of a process includes what it has started', async () => {
  const script = 'const a = Buffer.alloc(100e6, 1); console.log(a.length); setInterval(() => {}, 1000)';
  const child = spawn('/bin/sh', ['-c', '"$0" -e "$1"; :', process.execPath, script], { detached: true });
  onTestFinished(() => void process.kill(-child.pid!, 'SIGKILL'));
  await once(child.stdout, 'data');
  expect(await readResidentBytes(child.pid!)).toBeGreaterThan(100 * MEGABYTE * 0.9);
});

it.runIf(process.platform === 'linux')('a process that has ended has no memory to report', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  expect(await readResidentBytes(child.pid!)).toBeUndefined();
});
