import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePrivateFolder } from '../../../src/app/files/make-private-folder.ts';
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
