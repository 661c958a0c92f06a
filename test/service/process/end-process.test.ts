import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { endProcess } from '../../../src/service/process/end-process.ts';
import {
  identifyProcess,
  isStillRunning,
  listDescendants,
} from '../../../src/service/process/process-identity.ts';
import { isAlive } from '../../support/process.ts';

/** Starts a process, and waits until it has printed a line. */
async function startProcess(code: string) {
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  return { identity: identifyProcess(child.pid!), line: line.trim() };
}

const IDLE = 'setInterval(() => {}, 1e6);';
const STUBBORN = `process.on('SIGTERM', () => {}); ${IDLE} console.log('up');`;

const LONG = { patienceMs: 60_000, lastMs: 60_000 };

it('a process that ends by itself after SIGTERM is not killed', async () => {
  const { identity } = await startProcess(`${IDLE} console.log('up');`);
  expect(isStillRunning(identity)).toBe(true);
  expect(await endProcess(identity, LONG, NEVER_ABORTED)).toBe('ended');
  expect(isStillRunning(identity)).toBe(false);
});

it('a process that waits gets a second SIGTERM, as from an impatient person', async () => {
  const code = `let count = 0; process.on('SIGTERM', () => { count += 1; if (count === 2) process.exit(); }); ${IDLE} console.log('up');`;
  const { identity } = await startProcess(code);
  expect(await endProcess(identity, { patienceMs: 50, lastMs: 60_000 }, NEVER_ABORTED)).toBe('ended');
});

it('a process that ignores all of that is killed, and what descends from it is gone too', async () => {
  const code = `
    const { spawn } = require('node:child_process');
    const child = spawn(process.execPath, ['-e', \`${STUBBORN}\`], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    process.on('SIGTERM', () => {});
    child.stdout.once('data', () => console.log(child.pid));`;
  const { identity, line } = await startProcess(code);
  const orphan = Number(line);
  onTestFinished(() => {
    if (isAlive(orphan)) process.kill(orphan, 'SIGKILL');
  });
  expect(listDescendants(identity.pid).map(({ pid }) => pid)).toEqual([orphan]);
  expect(await endProcess(identity, { patienceMs: 10, lastMs: 10 }, NEVER_ABORTED)).toBe('killed');
  expect(isStillRunning(identity)).toBe(false);
  expect(isStillRunning(identifyProcess(orphan))).toBe(false);
});

it('a process that has the number of a dead one gets no signal', async () => {
  const { identity } = await startProcess(`${IDLE} console.log('up');`);
  expect(await endProcess({ ...identity, start: 'an earlier one' }, LONG, NEVER_ABORTED)).toBe('ended');
  expect(isStillRunning(identity)).toBe(true);
});
