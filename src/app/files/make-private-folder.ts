import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartupError } from '../../base/errors.ts';

/** Makes a folder and its parents, accessible to its user only; existing ones stay unchanged. */
export async function makePrivateFolder(path: string): Promise<void> {
  try {
    await makeFolders(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartupError(`The folder ${path} cannot be made (${code}): ${ADVICE[code ?? ''] ?? OTHER}`, {
      cause: error,
    });
  }
}

const OTHER = 'look at what is in its place, or choose another place (HOME, XDG_STATE_HOME, --config).';

const ADVICE: Readonly<Record<string, string>> = {
  EACCES:
    'you may not write there; get the right to, or choose another place (HOME, XDG_STATE_HOME, --config).',
  EROFS: 'its file system is read-only; choose another place (HOME, XDG_STATE_HOME, --config).',
  ENOSPC: 'no space is left there; free some.',
};

/** Makes folders one by one, because Node's recursive option never ends below /proc. */
async function makeFolders(path: string): Promise<void> {
  try {
    await makeFolder(path);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    await makeFolders(parent);
    await makeFolder(path);
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const isThere = (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
    if (!isThere) throw error;
  }
}
