import { chmod, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError } from '../base/errors.ts';
import { createId } from '../base/ids.ts';

export interface WriteConfigOptions {
  /** Without it an existing file stays as it is, and is an error. */
  readonly overwrite: boolean;
  /** Whether the user chose the place; a folder of our own is made private again where it is not. */
  readonly named: boolean;
}

/** Writes a config file that only its owner can read, whole or not at all. */
export async function writeConfig(path: string, content: object, options: WriteConfigOptions): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!options.named) await chmod(folder, 0o700);
  const draft = `${path}.${createId('')}`;
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
    await file.close();
    // A link, unlike a rename, fails where a file already stands.
    await (options.overwrite ? rename(draft, path) : link(draft, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new StartupError(`${path} exists already; show prints it, init --force gives it a new token.`);
    }
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
