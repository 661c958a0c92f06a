import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createLog } from '../../../src/app/log/log.ts';
import { createOutput } from '../../../src/app/log/output.ts';
import { makePipe } from '../../support/make-pipe.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function open(path: string, flags: string | number): number {
  const descriptor = openSync(path, flags);
  onTestFinished(() => {
    closeSync(descriptor);
  });
  return descriptor;
}

function createPipe() {
  const { descriptor } = makePipe();
  const buffer = Buffer.alloc(1024 * 1024);
  return { descriptor, read: () => buffer.subarray(0, readSync(descriptor, buffer)).toString() };
}

it('a log output writes everything to a file in order before it settles', async () => {
  const path = join(temporaryFolder(), 'log');
  const output = createOutput(open(path, 'w'), Infinity);
  const lines = Array.from({ length: 3000 }, (_, index) => `line ${index} ${'x'.repeat(50)}\n`);
  for (const line of lines) output.write(line);
  expect(await output.settle()).toBe(true);
  expect(readFileSync(path, 'utf8')).toBe(lines.join(''));
  expect(output.takeProblem()).toBeUndefined();
});

it('a log output reports once why lines were lost', async () => {
  const output = createOutput(open('/dev/full', 'w'), Infinity);
  output.write('lost\n');
  await output.settle();
  expect([output.takeProblem(), output.takeProblem()]).toEqual(['ENOSPC', undefined]);
});

it('a log output waits for a slow reader and loses nothing within its capacity', async () => {
  const { descriptor, read } = createPipe();
  const output = createOutput(descriptor, Infinity);
  const text = `${'x'.repeat(99)}\n`.repeat(5000);
  output.write(text);
  let seen = '';
  const settled = output.settle();
  while (seen.length < text.length) {
    seen += await new Promise<string>((resolve) => setTimeout(() => resolve(tryRead(read)), 5));
  }
  await settled;
  expect(seen).toBe(text);
});

it('a log output drops lines beyond its capacity and counts them in the log later', async () => {
  const { descriptor, read } = createPipe();
  const output = createOutput(descriptor, 10_000);
  const log = createLog({ logLevel: 'info', logFormat: 'json' }, output);
  // The operating system holds 64 KiB of these, the output its capacity.
  for (let round = 0; round < 4; round += 1) {
    for (let index = 0; index < 1000; index += 1)
      log({ level: 'info', message: 'said', fields: { n: round * 1000 + index } });
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const settled = output.settle();
  let seen = '';
  const isOver = settled.then(() => true);
  while (!(await Promise.race([isOver, new Promise((resolve) => setTimeout(resolve, 5, false))]))) {
    seen += tryRead(read);
  }
  log({ level: 'info', message: 'last', fields: {} });
  await output.settle();
  seen += tryRead(read);
  const lines = seen
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const said = lines.filter(({ msg }) => msg === 'said').length;
  const lost = lines.filter(({ msg }) => msg === 'log lines were lost');
  expect(lines.at(-1)).toMatchObject({ msg: 'last' });
  expect(lost[0]).toMatchObject({ level: 40, problem: 'reader too slow' });
  expect(said + lost.reduce((sum, { lines: count }) => sum + Number(count), 0)).toBe(4000);
});

it('a log output drops waiting lines after the time limit', async () => {
  const { descriptor } = createPipe();
  const output = createOutput(descriptor, Infinity);
  output.write('x'.repeat(500_000));
  expect(await output.settle(1)).toBe(true);
  expect(output.takeProblem()).toBe('reader too slow');
});

it('a log output ends a half-written line after a full disk and reports the number of lost lines', async () => {
  const folder = join(temporaryFolder(), 'disk');
  mkdirSync(folder);
  const path = join(folder, 'log');
  // The limit on the size of files stands for a disk that is full, and is raised again.
  const script = `
    const { createOutput } = await import(${JSON.stringify(new URL('../../../dist/app/log/output.js', import.meta.url).href)});
    const { openSync, truncateSync } = await import('node:fs');
    process.on('SIGXFSZ', () => {});
    const output = createOutput(openSync(${JSON.stringify(path)}, 'a'), Infinity);
    output.reportLoss((lines, problem) => lines + ' lost, ' + problem + '\\n');
    output.write('a'.repeat(799) + '\\n');
    await output.settle();
    for (let n = 0; n < 3; n += 1) output.write('b'.repeat(799) + '\\n');
    await output.settle();
    truncateSync(${JSON.stringify(path)}, 810);
    output.write('back\\n');
    await output.settle();
  `;
  const shell = 'ulimit -f 2; exec "$0" --input-type=module -e "$1"';
  execFileSync('/bin/bash', ['-c', shell, process.execPath, script]);
  expect(readFileSync(path, 'utf8')).toBe(`${'a'.repeat(799)}\n${'b'.repeat(10)}\n2 lost, EFBIG\nback\n`);
});

function tryRead(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
