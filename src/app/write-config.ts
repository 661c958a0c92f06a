import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError } from '../base/errors.ts';

/**
 * Writes a config file that only its owner can read, whole or not at all. An existing one stays as it is unless
 * `overwrite` is set.
 */
export async function writeConfig(path: string, content: object, overwrite: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(content, null, 2)}\n`);
    await file.sync();
    await file.close();
    // A link, unlike a rename, fails where a file already stands.
    await (overwrite ? rename(draft, path) : link(draft, path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new StartupError(
        `${path} exists already; show prints it, init --force writes it anew with a new token.`,
      );
    }
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
