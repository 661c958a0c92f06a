import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  checkTrustedFiles,
  isReadableByOthers,
  type TrustedFiles,
} from '../../../src/app/files/trusted-files.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A config file and a state folder as the gateway makes them. */
function makeFiles(): TrustedFiles & { readonly configFolder: string } {
  const folder = temporaryFolder();
  const configFolder = join(folder, 'config');
  const stateDirectory = join(folder, 'state');
  for (const path of [configFolder, stateDirectory]) mkdirSync(path, { mode: 0o700 });
  const configPath = join(configFolder, 'config.json');
  writeFileSync(configPath, '{}', { mode: 0o600 });
  return { configFolder, configPath, stateDirectory };
}

it('files of the user alone are accepted, and so are missing ones', async () => {
  const files = makeFiles();
  await expect(checkTrustedFiles(files)).resolves.toBeUndefined();
  await expect(
    checkTrustedFiles({
      configPath: join(files.configFolder, 'none/config.json'),
      stateDirectory: '/nonexistent',
    }),
  ).resolves.toBeUndefined();
});

it('files that others may only read are accepted', async () => {
  const files = makeFiles();
  chmodSync(files.configPath, 0o644);
  chmodSync(files.configFolder, 0o755);
  chmodSync(files.stateDirectory, 0o755);
  await expect(checkTrustedFiles(files)).resolves.toBeUndefined();
});

it.each([
  ['config file', 'configPath', 0o602],
  ['config file', 'configPath', 0o620],
  ['config file', 'configPath', 0o666],
  ['folder of the config file', 'configFolder', 0o777],
  ['state folder', 'stateDirectory', 0o777],
  ['state folder', 'stateDirectory', 0o770],
  ['state folder', 'stateDirectory', 0o1777],
] as const)('a %s that others can change is refused (%s, mode %o)', async (what, key, mode) => {
  const files = makeFiles();
  chmodSync(files[key], mode);
  await expect(checkTrustedFiles(files)).rejects.toThrow(
    `Others on this machine can change the ${what} ${files[key]}; run \`chmod go-w ${files[key]}\`.`,
  );
});

it('a config file may be in a folder such as /tmp, where nobody can replace it', async () => {
  const files = makeFiles();
  chmodSync(files.configFolder, 0o1777);
  await expect(checkTrustedFiles(files)).resolves.toBeUndefined();
});

it.skipIf(process.getuid?.() !== 0)(
  'files of another user are refused (only root can make some)',
  async () => {
    for (const key of ['configPath', 'configFolder', 'stateDirectory'] as const) {
      const files = makeFiles();
      chownSync(files[key], 12_345, 12_345);
      await expect(checkTrustedFiles(files)).rejects.toThrow(
        `${files[key]} belongs to another user (id 12345)`,
      );
    }
  },
);

it.each([
  [0o600, false],
  [0o611, false],
  [0o604, true],
  [0o640, true],
])('a file of the mode %o can be read by others: %s', async (mode, expected) => {
  const { configPath } = makeFiles();
  chmodSync(configPath, mode);
  expect(await isReadableByOthers(configPath)).toBe(expected);
});
