import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePrivateFolder, writePrivateFile } from '../../../src/app/files/private-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('makePrivateFolder makes a folder and its parents, even when called several times at once', async () => {
  const path = join(temporaryFolder(), 'a/b/c');
  await Promise.all([path, path, path].map(makePrivateFolder));
  expect((statSync(path).mode & 0o777).toString(8)).toBe('700');
  await makePrivateFolder(path);
});

it('makePrivateFolder fails with a clear message when a file is in its place', async () => {
  const file = join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  for (const path of [file, join(file, 'a'), join(file, 'a/b')]) {
    await expect(makePrivateFolder(path)).rejects.toThrow(`The folder ${path} cannot be made (E`);
  }
});

it('makePrivateFolder fails with a clear message when the file system allows no folders', async () => {
  const place = existsSync('/proc/self') ? '/proc' : '/dev';
  const path = `${place}/codex-gateway-none/a/b`;
  await expect(makePrivateFolder(path)).rejects.toThrow(`The folder ${path} cannot be made (E`);
});

describe('a private file', () => {
  it('is written completely and can be read by its owner only', async () => {
    const path = join(temporaryFolder(), 'file');
    expect(await writePrivateFile(path, 'text', false)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('text');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('stays as it is unless it may be overwritten', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    await writePrivateFile(path, 'first', false);
    expect(await writePrivateFile(path, 'second', false)).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(await writePrivateFile(path, 'second', true)).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('second');
    // No draft is left behind.
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
