import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeFolders } from '../../../src/sessions/workspace/make-folders.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

it('missing folders are made, and taken away again unless something has come into them', async () => {
  const base = temporaryFolder();
  mkdirSync(join(base, 'old'));
  const folders = ['old', 'old/new', 'one', 'one/two', 'one/three'].map((path) => join(base, path));
  const remove = await makeFolders(folders);
  expect(folders.every(existsSync)).toBe(true);
  writeFileSync(join(base, 'one/two/file'), '');
  await remove();
  expect((readdirSync(base, { recursive: true }) as string[]).toSorted()).toEqual([
    'old',
    'one',
    'one/two',
    'one/two/file',
  ]);
  await remove();
});

it('no folder stays if one of them cannot be made', async () => {
  const base = temporaryFolder();
  writeFileSync(join(base, 'file'), '');
  const folders = ['one', 'one/two', 'file/three'].map((path) => join(base, path));
  await expect(makeFolders(folders)).rejects.toThrow('ENOTDIR');
  expect(readdirSync(base)).toEqual(['file']);
});

it('no folder is made through a link that has come into the path', async () => {
  const base = temporaryFolder();
  const outside = temporaryFolder();
  symlinkSync(outside, join(base, 'link'));
  await expect(makeFolders([join(base, 'link/new')])).rejects.toThrow('leads through a link');
  expect(readdirSync(outside)).toEqual([]);
});
