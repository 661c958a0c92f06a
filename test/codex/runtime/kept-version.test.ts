import { copyFileSync, existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { keepVersion } from '../../../src/codex/runtime/kept-version.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Asks for the version of a program, and counts how often it is read. */
function create(content: Buffer) {
  const folder = temporaryFolder();
  const file = join(folder, 'cache', 'version.json');
  const path = join(folder, 'codex');
  writeFileSync(path, content);
  let reads = 0;
  const read = async () => `0.171.${(reads += 1)}`;
  return { folder, file, path, ask: (of = path) => keepVersion(file, of, read) };
}

const NATIVE = Buffer.from('7f454c460000', 'hex');

it('the version of a program is read once', async () => {
  const { ask } = create(NATIVE);
  expect([await ask(), await ask(), await ask()]).toEqual(['0.171.1', '0.171.1', '0.171.1']);
});

it('the version is read again after the program has changed, and for another program', async () => {
  const { ask, path, folder } = create(NATIVE);
  await ask();
  utimesSync(path, 1, 1);
  expect(await ask()).toBe('0.171.2');
  const other = join(folder, 'other');
  copyFileSync(path, other);
  expect(await ask(other)).toBe('0.171.3');
});

it('the version of a script is read each time, and not kept', async () => {
  const { ask, file } = create(Buffer.from('#!/bin/sh\nexec codex "$@"\n'));
  expect([await ask(), await ask()]).toEqual(['0.171.1', '0.171.2']);
  expect(existsSync(file)).toBe(false);
});

it('the version is read when the kept file is broken or cannot be written', async () => {
  const { ask, file, folder } = create(NATIVE);
  mkdirSync(join(folder, 'cache'));
  writeFileSync(file, '{"path":');
  expect(await ask()).toBe('0.171.1');
  const blocked = create(NATIVE);
  writeFileSync(join(blocked.folder, 'cache'), '');
  expect([await blocked.ask(), await blocked.ask()]).toEqual(['0.171.1', '0.171.2']);
});
