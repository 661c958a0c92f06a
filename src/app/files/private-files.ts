import type { Stats } from 'node:fs';
import { link, mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { createId } from '../../base/ids.ts';

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

const OTHER = 'check what is at that path, or choose another folder (HOME, XDG_STATE_HOME, --config).';

const ADVICE: Readonly<Record<string, string>> = {
  EACCES:
    'you have no permission to write there; change that, or choose another folder (HOME, XDG_STATE_HOME, --config).',
  EROFS: 'its file system is read-only; choose another folder (HOME, XDG_STATE_HOME, --config).',
  ENOSPC: 'the disk is full; free some space.',
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

/**
 * Writes a file that only its owner can read, completely or not at all. Without `overwrite` an existing file stays
 * unchanged, and the result is false.
 * @param like A file whose owner and rights it gets instead.
 */
export async function writePrivateFile(
  path: string,
  content: string | Uint8Array,
  overwrite: boolean,
  like?: Pick<Stats, 'uid' | 'gid' | 'mode'>,
): Promise<boolean> {
  const draft = `${path}.${createId('')}`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(content);
      if (like) await makeAlike(file, like);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link, unlike a rename, fails if the file already exists.
    await (overwrite ? rename(draft, path) : link(draft, path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function makeAlike(
  file: FileHandle,
  { uid, gid, mode }: Pick<Stats, 'uid' | 'gid' | 'mode'>,
): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid);
  await file.chmod(mode & 0o777);
}

/** Matches a draft of `writePrivateFile`. */
const DRAFT = /\.[0-9a-f]{32}$/;

/** Milliseconds after which the writer of a draft no longer lives. */
const DRAFT_MS = 3_600_000;

/** Removes the drafts in a folder that killed writers have left. */
export async function removeDrafts(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const path of names.filter((name) => DRAFT.test(name)).map((name) => join(folder, name))) {
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > DRAFT_MS) await rm(path, { force: true }).catch(() => {});
  }
}
