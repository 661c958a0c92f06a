import { appendFileSync, copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { followLog, readLogEnd } from '../../../src/service/log/read-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
const textOf = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

it('there is no end of a log that does not exist', async () => {
  expect(await readLogEnd(join(temporaryFolder(), 'gateway.log'), 10)).toBeUndefined();
});

it.each([0, 1, 3, 100])('the last %i lines of a log are read', async (count) => {
  const path = join(temporaryFolder(), 'gateway.log');
  const all = numbered(1, 9);
  writeFileSync(path, textOf(all));
  const end = await readLogEnd(path, count);
  expect(end).toEqual({ lines: count === 0 ? [] : all.slice(-count), position: textOf(all).length });
});

it('the last lines are found in a log of many blocks', async () => {
  const path = join(temporaryFolder(), 'gateway.log');
  const all = numbered(1, 60_000);
  writeFileSync(path, textOf(all));
  expect((await readLogEnd(path, 20_000))?.lines).toEqual(all.slice(-20_000));
});

it('lines that are missing in the current file come from the earlier ones', async () => {
  const path = join(temporaryFolder(), 'gateway.log');
  writeFileSync(`${path}.2`, textOf(numbered(1, 3)));
  writeFileSync(`${path}.1`, textOf(numbered(4, 6)));
  writeFileSync(path, textOf(numbered(7, 8)));
  expect((await readLogEnd(path, 6))?.lines).toEqual(numbered(3, 8));
  expect((await readLogEnd(path, 50))?.lines).toEqual(numbered(1, 8));
});

it('a line that is not complete yet is not shown', async () => {
  const path = join(temporaryFolder(), 'gateway.log');
  writeFileSync(path, 'one\ntwo\nthr');
  expect(await readLogEnd(path, 5)).toEqual({ lines: ['one', 'two'], position: 8 });
});

/** Follows a log, and returns a function that resolves to its next lines. */
function follow(path: string, position: number) {
  const stop = new AbortController();
  const lines = followLog(path, position, stop.signal);
  return {
    async take(count: number): Promise<string[]> {
      const taken: string[] = [];
      while (taken.length < count) taken.push((await lines.next()).value as string);
      return taken;
    },
    async stop() {
      stop.abort();
      return (await lines.next()).done;
    },
  };
}

it('a log is followed line by line, in whatever pieces it is written, until the signal aborts', async () => {
  const path = join(temporaryFolder(), 'gateway.log');
  writeFileSync(path, 'old\n');
  const log = follow(path, 4);
  const first = log.take(1);
  appendFileSync(path, 'a lo');
  appendFileSync(path, 'ng one\nand ');
  expect(await first).toEqual(['a long one']);
  appendFileSync(path, 'more: ä\n');
  expect(await log.take(1)).toEqual(['and more: ä']);
  expect(await log.stop()).toBe(true);
});

it('a follower misses no line of a log that is rotated', async () => {
  const path = join(temporaryFolder(), 'gateway.log');
  writeFileSync(path, textOf(numbered(1, 2)));
  const log = follow(path, 0);
  expect(await log.take(2)).toEqual(numbered(1, 2));
  // Longer than before, so that the size alone shows nothing.
  appendFileSync(path, textOf(numbered(3, 4)));
  copyFileSync(path, `${path}.1`);
  truncateSync(path);
  appendFileSync(path, textOf(numbered(5, 20)));
  expect(await log.take(18)).toEqual(numbered(3, 20));
  expect(await log.stop()).toBe(true);
});
