import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createRotatingLog } from '../../../src/service/log/rotating-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

function openLog({ maxBytes = 30, files = 3 } = {}) {
  const folder = temporaryFolder();
  const path = join(folder, 'gateway.log');
  const log = createRotatingLog({ path, maxBytes, files });
  onTestFinished(() => log.close());
  /** Writes a text completely, as the output does. */
  async function put(text: string): Promise<number | string> {
    const bytes = Buffer.from(text);
    let written = 0;
    while (written < bytes.length) {
      const outcome = await log.write(bytes.subarray(written));
      if (typeof outcome === 'string') return outcome;
      written += outcome;
    }
    return written;
  }
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { folder, path, put, read };
}

const line = (number: number) => `line ${String(number).padStart(4, '0')}\n`;

it('a log has at most as many files, and none of more bytes, than the settings say', async () => {
  const { folder, put, read } = openLog({ maxBytes: 30, files: 3 });
  for (let number = 0; number < 50; number += 1) await put(line(number));
  expect(readdirSync(folder).toSorted()).toEqual(['gateway.log', 'gateway.log.1', 'gateway.log.2']);
  const texts = ['gateway.log.2', 'gateway.log.1', 'gateway.log'].map(read);
  expect(texts.map((text) => text.length <= 30)).toEqual([true, true, true]);
  expect(texts.join('')).toBe(Array.from({ length: 8 }, (_, index) => line(42 + index)).join(''));
});

it('many lines at once are divided between files at the ends of lines', async () => {
  const { put, read } = openLog({ maxBytes: 25, files: 100 });
  const all = Array.from({ length: 20 }, (_, index) => line(index)).join('');
  expect(await put(all)).toBe(all.length);
  expect(read('gateway.log')).toBe(line(18) + line(19));
  expect(read('gateway.log.9')).toBe(line(0) + line(1));
});

it('a line that is longer than a file is written whole', async () => {
  const { put, read } = openLog({ maxBytes: 10, files: 2 });
  const long = `${'x'.repeat(50)}\n`;
  await put('short\n');
  await put(long);
  expect(read('gateway.log')).toBe(long);
  expect(read('gateway.log.1')).toBe('short\n');
});

it('one file alone is emptied when it is full', async () => {
  const { folder, put, read } = openLog({ maxBytes: 20, files: 1 });
  for (let number = 0; number < 5; number += 1) await put(line(number));
  expect(readdirSync(folder)).toEqual(['gateway.log']);
  expect(read('gateway.log')).toBe(line(4));
});

it('files beyond a number that was reduced are removed', async () => {
  const { folder, put } = openLog({ maxBytes: 20, files: 2 });
  for (const age of [1, 2, 3, 4]) writeFileSync(join(folder, `gateway.log.${age}`), 'old\n');
  for (let number = 0; number < 3; number += 1) await put(line(number));
  expect(readdirSync(folder).toSorted()).toEqual(['gateway.log', 'gateway.log.1']);
});

it('what others append to the same file, as the engine does in a crash, stays in it after a rotation', async () => {
  const { path, put, read } = openLog({ maxBytes: 25, files: 2 });
  await put(line(1));
  appendFileSync(path, 'FATAL ERROR\n');
  await put(line(2));
  expect(read('gateway.log.1')).toBe(`${line(1)}FATAL ERROR\n`);
  expect(read('gateway.log')).toBe(line(2));
});

it.each([
  ['removed', (path: string) => rmSync(path)],
  ['renamed', (path: string) => renameSync(path, `${path}.old`)],
])('a log that is %s is made again', async (_what, harm) => {
  const { path, put, read } = openLog({ maxBytes: 1000 });
  await put(line(1));
  harm(path);
  await put(line(2));
  expect(read('gateway.log')).toBe(line(2));
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it('a log that cannot keep its earlier content still does not grow', async () => {
  const { folder, path, put } = openLog({ maxBytes: 30, files: 2 });
  // Nothing can be copied to a folder, just as nothing can be copied to a full disk.
  mkdirSync(join(folder, 'gateway.log.1', 'inner'), { recursive: true });
  for (let number = 0; number < 10; number += 1) await put(line(number));
  expect(statSync(path).size).toBeLessThanOrEqual(30);
});

it('a log that cannot be written reports the code of the error', async () => {
  const { folder, put } = openLog();
  mkdirSync(join(folder, 'gateway.log'));
  expect(await put(line(1))).toBe('EISDIR');
});
