import { chmod } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { makePrivateFolder, writePrivateFile } from '../files/private-files.ts';
import type { OwnCommand } from './own-command.ts';

export interface WriteConfigOptions {
  /** Replaces an existing file, which is an error otherwise. */
  readonly overwrite: boolean;
  /** True if the user chose the path; only the default folder is made private. */
  readonly named: boolean;
  readonly command: OwnCommand;
}

/** Writes a config file that only its owner can read, completely or not at all. */
export async function writeConfig(path: string, content: object, options: WriteConfigOptions): Promise<void> {
  const folder = dirname(path);
  await makePrivateFolder(folder);
  if (!options.named) await chmod(folder, 0o700);
  if (await writePrivateFile(path, `${JSON.stringify(content, null, 2)}\n`, options.overwrite)) return;
  const { usual } = options.command;
  throw new StartupError(
    `${path} exists already; \`${usual} show\` prints it, \`${usual} init --force\` gives it a new token.`,
  );
}
